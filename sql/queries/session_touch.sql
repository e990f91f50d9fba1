-- A session was used.
UPDATE session SET last_seen_at = $3, expires_at = $4 WHERE customer_id = $1 AND session_id = $2
