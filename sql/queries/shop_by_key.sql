-- Which shop a valid API key belongs to.
SELECT s.shop_id, s.code, s.name, s.webhook_url, s.webhook_secret, s.created_us
FROM shop_key k JOIN shop s ON s.shop_id = k.shop_id
WHERE k.key_hash = $1 AND k.revoked_us IS NULL
