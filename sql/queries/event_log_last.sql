-- The last number of a user's log.
SELECT number FROM event_log WHERE user_id = $1 ORDER BY number DESC LIMIT 1
