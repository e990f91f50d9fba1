-- The shop of a code, as commands and import files name it.
SELECT shop_id, code, name, webhook_url, webhook_secret, created_us FROM shop WHERE code = $1
