-- One session of a customer, and the business date: who calls and when, in one statement.
SELECT secret_hash, created_at, last_seen_at, expires_at, device, address_masked,
    (SELECT value FROM setting WHERE name = 'business_date')
FROM session WHERE customer_id = $1 AND session_id = $2
