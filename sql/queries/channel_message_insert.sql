-- Keeps a notification; no row changes when the same one came before.
INSERT INTO channel_message (customer_id, message_id, channel, kind, dedupe_key, subject_id,
    received_at_us, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (customer_id, channel, dedupe_key) DO NOTHING;
