-- Conversations, the latest changed first, before a place in that order.
-- shards: the staff's inbox lists over all customers.
SELECT customer_id, state, waiting_since, staff_id, order_id, last_number, read_by_customer,
    read_by_staff, updated_at
FROM conversation
WHERE updated_at < $1 OR (updated_at = $1 AND customer_id < $2)
ORDER BY updated_at DESC, customer_id DESC LIMIT $3
