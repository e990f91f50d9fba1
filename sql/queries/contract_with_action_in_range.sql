-- Contracts that have something to do on day $1, of customers below $4, after the place ($2, $3) in
-- the order of (customer, contract), at most $5.
-- shards: the day-end pages through the keys of a range of customers.
SELECT customer_id, contract_id FROM contract
WHERE next_action_day = $1 AND (customer_id, contract_id) > ($2, $3) AND customer_id < $4
ORDER BY customer_id, contract_id LIMIT $5
