-- Which instalments of the customers after $1 up to $2 are held, and by which payments.
-- shards: verification reads every customer, range by range.
SELECT contract_id, instalment, payment_id, customer_id FROM live_collection
WHERE customer_id > $1 AND customer_id <= $2 ORDER BY customer_id, contract_id, instalment
