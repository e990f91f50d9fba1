-- A customer's conversation.
SELECT state, waiting_since, staff_id, order_id, last_number, read_by_customer, read_by_staff, updated_at
FROM conversation WHERE customer_id = $1
