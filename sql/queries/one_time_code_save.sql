-- Keeps the latest code of a phone for a purpose.
INSERT INTO one_time_code (phone_hash, purpose, code_hash, sent_at, expires_at, attempts, sent_day,
    sent_count)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (phone_hash, purpose) DO UPDATE SET code_hash = EXCLUDED.code_hash,
    sent_at = EXCLUDED.sent_at, expires_at = EXCLUDED.expires_at, attempts = EXCLUDED.attempts,
    sent_day = EXCLUDED.sent_day, sent_count = EXCLUDED.sent_count
