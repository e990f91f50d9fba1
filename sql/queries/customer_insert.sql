-- A new customer.
INSERT INTO customer (customer_id, created_at, key_sealed, phone_sealed, phone_masked,
    name_sealed, name_masked, password_hash, failed_logins, locked_until, terms_version,
    terms_accepted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
