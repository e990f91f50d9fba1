-- Forgets old keys.
DELETE FROM idempotency
WHERE created_at_us < $1;
