-- Makes or changes a customer's conversation.
INSERT INTO conversation (customer_id, state, waiting_since, staff_id, order_id, last_number,
    read_by_customer, read_by_staff, updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (customer_id) DO UPDATE SET state = EXCLUDED.state,
    waiting_since = EXCLUDED.waiting_since, staff_id = EXCLUDED.staff_id,
    order_id = EXCLUDED.order_id, last_number = EXCLUDED.last_number,
    read_by_customer = EXCLUDED.read_by_customer, read_by_staff = EXCLUDED.read_by_staff,
    updated_at = EXCLUDED.updated_at
