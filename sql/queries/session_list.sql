-- A customer's sessions, newest first.
SELECT session_id, created_at, last_seen_at, expires_at, device, address_masked
FROM session WHERE customer_id = $1 AND expires_at > $2 ORDER BY session_id DESC
