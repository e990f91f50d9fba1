-- A user's events after a number, oldest first.
SELECT number, kind, payload FROM event_log WHERE user_id = $1 AND number > $2 ORDER BY number LIMIT $3
