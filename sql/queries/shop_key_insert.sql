-- A new API key of a shop.
INSERT INTO shop_key (key_hash, shop_id, created_us) VALUES ($1, $2, $3)
