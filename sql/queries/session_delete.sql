-- Ends one session.
DELETE FROM session WHERE customer_id = $1 AND session_id = $2
