-- Takes the next number of a log that many append to; the row's lock keeps numbers without gaps.
INSERT INTO event_log_end (user_id, last_number) VALUES ($1, 1)
ON CONFLICT (user_id) DO UPDATE SET last_number = event_log_end.last_number + 1
RETURNING last_number
