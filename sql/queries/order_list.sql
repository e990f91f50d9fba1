-- The list of orders, a page of it at any depth, in one statement. kind 1: every order that is not
-- over, wherever it stands, because what is owed is summed over them; kind 2: of those that are over
-- (cancelled, settled, refunded) at most $3 below order $2, the newest first, with contract status
-- $4 (0: all, 1: the cancelled, -1: none); kind 3: one row, how many are settled (in the place of
-- amount_fen), refunded (placed_us) and cancelled (expires_us).
-- scan: going and over_ are what the subqueries give, which go by the key of orders
SELECT going.*, 1 FROM (SELECT o.customer_id, o.order_id, o.shop_id, o.shop_order_no, o.product_code, o.product_version,
        o.title, o.goods, o.amount_fen, o.state, o.placed_us, o.placed_day, o.expires_us,
        o.accepted_us, o.contract_id, o.instalment_count, o.refunded_fen, o.return_url,
        o.checkout_token, s.name, p.name_zh, p.name_en, p.method,
        k.terms, k.state AS contract_state, k.status, k.event_count, k.last_event_day
    FROM orders o
    JOIN shop s ON s.shop_id = o.shop_id
    JOIN product p ON p.code = o.product_code AND p.version = o.product_version
    LEFT JOIN contract k ON k.customer_id = o.customer_id AND k.contract_id = o.contract_id
    WHERE o.customer_id = $1 AND o.state <> 3 AND COALESCE(k.status, 0) NOT IN (2, 3)
    ORDER BY o.order_id DESC LIMIT 1000) AS going
UNION ALL
SELECT over_.*, 2 FROM (SELECT o.customer_id, o.order_id, o.shop_id, o.shop_order_no, o.product_code, o.product_version,
        o.title, o.goods, o.amount_fen, o.state, o.placed_us, o.placed_day, o.expires_us,
        o.accepted_us, o.contract_id, o.instalment_count, o.refunded_fen, o.return_url,
        o.checkout_token, s.name, p.name_zh, p.name_en, p.method,
        k.terms, k.state AS contract_state, k.status, k.event_count, k.last_event_day
    FROM orders o
    JOIN shop s ON s.shop_id = o.shop_id
    JOIN product p ON p.code = o.product_code AND p.version = o.product_version
    LEFT JOIN contract k ON k.customer_id = o.customer_id AND k.contract_id = o.contract_id
    WHERE o.customer_id = $1 AND o.order_id < $2
        AND (o.state = 3 OR COALESCE(k.status, 0) IN (2, 3))
        AND ($4 = 0 OR k.status = $4 OR ($4 = 1 AND o.state = 3))
    ORDER BY o.order_id DESC LIMIT $3) AS over_
UNION ALL
SELECT u.customer_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    (SELECT COUNT(*) FROM contract k WHERE k.customer_id = $1 AND k.status = 2), NULL,
    (SELECT COUNT(*) FROM contract k WHERE k.customer_id = $1 AND k.status = 3), NULL,
    (SELECT COUNT(*) FROM orders o WHERE o.customer_id = $1 AND o.state = 3), NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 3
FROM customer u WHERE u.customer_id = $1
