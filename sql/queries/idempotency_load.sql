-- What a caller's key was used for and how it was answered.
SELECT body_hash, answer_status, answer_body
FROM idempotency
WHERE scope_id = $1 AND scope = $2 AND idempotency_key = $3
