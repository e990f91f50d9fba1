-- Shops, at most $1.
-- scan: few shops, and only the console's search asks for all of them
SELECT shop_id, code, name, webhook_url, webhook_secret, created_us FROM shop WHERE shop_id > $2
ORDER BY shop_id LIMIT $1
