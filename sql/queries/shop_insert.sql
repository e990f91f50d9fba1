-- A new shop.
INSERT INTO shop (shop_id, code, name, webhook_url, webhook_secret, created_us)
VALUES ($1, $2, $3, $4, $5, $6)
