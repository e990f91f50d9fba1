-- Where the order of a shop's number is.
SELECT customer_id, order_id, body_hash FROM shop_order_directory
WHERE shop_id = $1 AND shop_order_no = $2
