-- The last number of a user's log.
SELECT last_number FROM event_log_end WHERE user_id = $1
