-- A customer's balance after a change.
INSERT INTO credit_balance (customer_id, balance_fen, journal_number, journal_hash)
VALUES ($1, $2, $3, $4)
ON CONFLICT (customer_id) DO UPDATE SET balance_fen = excluded.balance_fen,
    journal_number = excluded.journal_number, journal_hash = excluded.journal_hash
