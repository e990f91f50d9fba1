-- One customer by id.
SELECT created_at, key_sealed, phone_sealed, phone_masked, name_sealed, name_masked,
    password_hash, failed_logins, locked_until, terms_version, terms_accepted_at
FROM customer WHERE customer_id = $1
