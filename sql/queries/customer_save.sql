-- What may change of a customer.
UPDATE customer SET name_sealed = $2, name_masked = $3, password_hash = $4, failed_logins = $5,
    locked_until = $6, terms_version = $7, terms_accepted_at = $8
WHERE customer_id = $1
