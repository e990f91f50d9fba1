-- What was done to a customer's data, newest first, page by page.
SELECT audit_id, actor_kind, actor_id, action, subject, detail, created_at_us
FROM audit
WHERE customer_id = $1 AND audit_id < $2
ORDER BY audit_id DESC
LIMIT $3;
