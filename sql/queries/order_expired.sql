-- Orders that nobody accepted in time, the oldest first, at most $2.
-- shards: a job looks for orders that nobody accepted.
SELECT o.customer_id, o.order_id, o.shop_id, o.shop_order_no, o.product_code, o.product_version, o.title,
    o.goods, o.amount_fen, o.state, o.placed_us, o.placed_day, o.expires_us, o.accepted_us,
    o.contract_id, o.instalment_count, o.refunded_fen, o.return_url, o.checkout_token
FROM orders o WHERE o.state = 1 AND o.expires_us < $1
ORDER BY o.expires_us, o.customer_id, o.order_id LIMIT $2
