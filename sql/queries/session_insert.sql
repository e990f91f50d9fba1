-- A customer logged in.
INSERT INTO session (customer_id, session_id, secret_hash, created_at, last_seen_at, expires_at,
    device, address_masked)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
