-- One session of a customer.
SELECT secret_hash, created_at, last_seen_at, expires_at, device, address_masked
FROM session WHERE customer_id = $1 AND session_id = $2
