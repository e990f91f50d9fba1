-- Adds an item that waits for its first try.
INSERT INTO outbox (customer_id, outbox_id, lane, kind, payload, state, attempts,
    created_at_us, next_try_at_us)
VALUES ($1, $2, $3, $4, $5, 0, 0, $6, $7);
