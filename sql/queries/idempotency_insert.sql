-- Keeps what a caller's key was used for and how it was answered.
INSERT INTO idempotency (scope_id, scope, idempotency_key, body_hash, created_at_us, answer_status,
    answer_body)
VALUES ($1, $2, $3, $4, $5, $6, $7)
