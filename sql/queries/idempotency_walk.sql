-- The keys after ($1, $2, $3) in their order, at most $4, and when each was used.
-- shards: cleaning up, every caller's keys one after the other.
SELECT scope_id, scope, idempotency_key, created_at_us
FROM idempotency
WHERE (scope_id, scope, idempotency_key) > ($1, $2, $3)
ORDER BY scope_id, scope, idempotency_key LIMIT $4
