-- How many requests are in state $1, over all customers.
-- shards: the staff's inbox counts over all customers.
SELECT COUNT(*) FROM extension_request WHERE state = $1
