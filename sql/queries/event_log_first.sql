-- The first number that a user's log still holds.
SELECT number FROM event_log WHERE user_id = $1 ORDER BY number LIMIT 1
