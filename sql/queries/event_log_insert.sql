-- An event of a user's log.
INSERT INTO event_log (user_id, number, kind, payload, created_at_us) VALUES ($1, $2, $3, $4, $5)
