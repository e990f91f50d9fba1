-- One record of the audit trail.
INSERT INTO audit (customer_id, audit_id, actor_kind, actor_id, action, subject, detail,
    created_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
