-- Reserves a caller's key; no row changes when it stands already.
INSERT INTO idempotency (scope_id, scope, idempotency_key, body_hash, created_at_us)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (scope_id, scope, idempotency_key) DO NOTHING;
