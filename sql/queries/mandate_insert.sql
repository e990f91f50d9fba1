-- The customer agrees to debits, or takes it back.
INSERT INTO mandate (customer_id, mandate_id, enabled, sources, consent_version, consent_text, mode,
    created_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
