-- The customer who comes $2 places after the first one beyond $1: where a range of them ends.
-- shards: verification reads every customer, range by range.
SELECT customer_id FROM customer WHERE customer_id > $1
ORDER BY customer_id LIMIT 1 OFFSET CAST($2 AS BIGINT)
