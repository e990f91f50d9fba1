-- A user's events after a number, oldest first; silent ones hold a number and nothing else.
SELECT number, kind, payload FROM event_log WHERE user_id = $1 AND number > $2 AND kind <> ''
ORDER BY number LIMIT $3
