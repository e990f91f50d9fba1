-- How many notices a customer has not read.
SELECT COUNT(*) FROM notice WHERE customer_id = $1 AND read_at = 0
