-- Waiting conversations, the longest waiting first.
-- shards: the staff's inbox lists over all customers.
SELECT customer_id, state, waiting_since, staff_id, order_id, last_number, read_by_customer,
    read_by_staff, updated_at
FROM conversation WHERE state = 'waiting'
ORDER BY waiting_since, customer_id LIMIT $1
