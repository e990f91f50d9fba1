-- Takes a shop's order number; changes nothing when it is taken already.
INSERT INTO shop_order_directory (shop_id, shop_order_no, customer_id, order_id, body_hash)
VALUES ($1, $2, $3, $4, $5) ON CONFLICT (shop_id, shop_order_no) DO NOTHING
