-- Keeps the answer of a reserved key.
UPDATE idempotency
SET answer_status = $4, answer_body = $5
WHERE scope_id = $1 AND scope = $2 AND idempotency_key = $3;
