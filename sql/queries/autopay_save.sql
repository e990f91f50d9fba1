-- Sets automatic repayment.
INSERT INTO autopay (customer_id, version, enabled, sources, consent_version, consent_us, mandate_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (customer_id) DO UPDATE SET version = $2, enabled = $3, sources = $4,
    consent_version = $5, consent_us = $6, mandate_id = $7
