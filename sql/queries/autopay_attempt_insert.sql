-- Takes the place of a debit, unless it was taken before.
INSERT INTO autopay_attempt (customer_id, contract_id, day, run, position, payment_id, amount_fen)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
