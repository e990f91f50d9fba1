-- A customer's balance after a change.
INSERT INTO credit_balance (customer_id, balance_fen) VALUES ($1, $2)
ON CONFLICT (customer_id) DO UPDATE SET balance_fen = EXCLUDED.balance_fen
