-- The instalments of a contract.
SELECT number, due_day, principal_fen, interest_fen, fee_fen, penalty_fen, paid_fen, left_fen, status
FROM instalment WHERE customer_id = $1 AND contract_id = $2 ORDER BY number
