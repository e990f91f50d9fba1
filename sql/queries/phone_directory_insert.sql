-- A phone number becomes a customer's.
INSERT INTO phone_directory (phone_hash, customer_id) VALUES ($1, $2)
