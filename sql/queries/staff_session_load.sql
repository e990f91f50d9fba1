-- One session of a member of staff.
SELECT secret_hash, created_at, expires_at FROM staff_session
WHERE staff_id = $1 AND session_id = $2
