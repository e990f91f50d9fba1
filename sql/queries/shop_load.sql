-- A shop by its id.
SELECT shop_id, code, name, webhook_url, webhook_secret, created_us FROM shop WHERE shop_id = $1
