-- The latest code sent to a phone for a purpose.
SELECT code_hash, sent_at, expires_at, attempts, sent_day, sent_count
FROM one_time_code WHERE phone_hash = $1 AND purpose = $2
