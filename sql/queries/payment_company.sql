-- What the rows of a list of payments name: kind 1 orders from $2 to $3, kind 2 all funding sources
-- without what is sealed. The columns are those of an order; the other kind lies in columns of the
-- same type (order_company() in src/store/order.c).
SELECT o.customer_id, o.order_id, o.shop_id, o.shop_order_no, o.product_code, o.product_version, o.title,
    o.goods, o.amount_fen, o.state, o.placed_us, o.placed_day, o.expires_us, o.accepted_us,
    o.contract_id, o.instalment_count, o.refunded_fen, o.return_url, o.checkout_token, 1
FROM orders o WHERE o.customer_id = $1 AND o.order_id >= $2 AND o.order_id <= $3
UNION ALL
SELECT f.customer_id, f.funding_source_id, f.single_limit_fen, f.bank_code, f.tail, f.state, f.phone_masked,
    NULL, f.daily_limit_fen, f.mode, f.created_us, f.bind_state, f.bound_us, f.removed_us,
    f.code_sent_us, f.failure, f.wrong_codes, NULL, NULL, 2
FROM funding_source f WHERE f.customer_id = $1
