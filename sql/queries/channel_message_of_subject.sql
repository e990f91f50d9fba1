-- Everything that came about one of a customer's things.
SELECT message_id, channel, kind, dedupe_key, received_at_us, body
FROM channel_message
WHERE customer_id = $1 AND subject_id = $2
ORDER BY message_id
LIMIT $3;
