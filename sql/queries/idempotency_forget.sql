-- Forgets the keys after ($1, $2, $3), up to ($4, $5, $6), that were used before $7.
-- shards: cleaning up, every caller's keys one after the other.
DELETE FROM idempotency
WHERE (scope_id, scope, idempotency_key) > ($1, $2, $3)
    AND (scope_id, scope, idempotency_key) <= ($4, $5, $6)
    AND created_at_us < $7
