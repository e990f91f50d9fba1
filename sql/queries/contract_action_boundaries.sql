-- The customers that split the contracts with something to do on or before day $1 into parts of $2.
-- scan: once a day, sorts no more than the contracts of the day. The + keeps SQLite from reading
--   all contracts in the order of their key, to save the sort.
-- shards: the day-end splits the day over all customers, once.
SELECT DISTINCT customer_id FROM (
    SELECT customer_id, ROW_NUMBER() OVER (ORDER BY +customer_id) AS place
    FROM contract WHERE next_action_day <= $1) AS numbered
WHERE place % CAST($2 AS BIGINT) = 0 ORDER BY customer_id
