-- The debits tried for a contract on and after day $3.
SELECT day, run, position, payment_id, amount_fen FROM autopay_attempt
WHERE customer_id = $1 AND contract_id = $2 AND day >= $3 ORDER BY day, run, position
