-- One order of a customer.
SELECT o.customer_id, o.order_id, o.shop_id, o.shop_order_no, o.product_code, o.product_version, o.title,
    o.goods, o.amount_fen, o.state, o.placed_us, o.placed_day, o.expires_us, o.accepted_us,
    o.contract_id, o.instalment_count, o.refunded_fen, o.return_url, o.checkout_token
FROM orders o WHERE o.customer_id = $1 AND o.order_id = $2
