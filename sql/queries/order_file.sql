-- All orders of a customer, the newest first, at most $3, order $2 with its contract and accepted
-- cost table: the detail screen. The contracts of the others are read when automatic repayment was
-- ever set, because it speaks of all of them.
SELECT o.customer_id, o.order_id, o.shop_id, o.shop_order_no, o.product_code, o.product_version, o.title,
    o.goods, o.amount_fen, o.state, o.placed_us, o.placed_day, o.expires_us, o.accepted_us,
    o.contract_id, o.instalment_count, o.refunded_fen, o.return_url, o.checkout_token,
    s.name, p.name_zh, p.name_en, p.method,
    CASE WHEN o.order_id = $2 OR a.customer_id IS NOT NULL THEN k.terms END,
    CASE WHEN o.order_id = $2 OR a.customer_id IS NOT NULL THEN k.state END,
    k.status, k.event_count, k.last_event_day,
    c.table_json, c.table_hash, c.accepted_us
FROM orders o
JOIN shop s ON s.shop_id = o.shop_id
JOIN product p ON p.code = o.product_code AND p.version = o.product_version
LEFT JOIN autopay a ON a.customer_id = o.customer_id
LEFT JOIN contract k ON k.customer_id = o.customer_id AND k.contract_id = o.contract_id
LEFT JOIN accepted_cost_table c
    ON c.customer_id = o.customer_id AND c.contract_id = o.contract_id AND o.order_id = $2
WHERE o.customer_id = $1
ORDER BY o.order_id DESC LIMIT $3
