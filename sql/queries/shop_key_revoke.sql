-- An API key that must not work any more.
UPDATE shop_key SET revoked_us = $2 WHERE key_hash = $1 AND revoked_us IS NULL
