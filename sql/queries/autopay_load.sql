-- How automatic repayment is set.
SELECT version, enabled, sources, consent_version, consent_us, mandate_id
FROM autopay WHERE customer_id = $1
