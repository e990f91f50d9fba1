-- How many conversations wait, and how many of them since before a moment.
-- shards: the staff's inbox counts over all customers.
SELECT COUNT(*), COALESCE(SUM(CASE WHEN waiting_since < $1 THEN 1 ELSE 0 END), 0)
FROM conversation WHERE state = 'waiting'
