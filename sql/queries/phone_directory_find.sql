-- Whose phone number this is, by its keyed hash.
SELECT customer_id FROM phone_directory WHERE phone_hash = $1
