-- Marks all of a customer's notices as read.
UPDATE notice SET read_at = $2 WHERE customer_id = $1 AND read_at = 0
