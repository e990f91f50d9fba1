-- A member of staff logged in.
INSERT INTO staff_session (staff_id, session_id, secret_hash, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
