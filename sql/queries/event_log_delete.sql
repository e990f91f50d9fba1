-- Forgets the events of a log before one that stays.
DELETE FROM event_log WHERE user_id = $1 AND number < $2
