-- Forgets old keys.
-- shards: cleaning up, by age.
DELETE FROM idempotency
WHERE created_at_us < $1;
