-- A new order.
INSERT INTO orders (customer_id, order_id, shop_id, shop_order_no, product_code, product_version,
    title, goods, amount_fen, state, placed_us, placed_day, expires_us, accepted_us, contract_id,
    instalment_count, refunded_fen, return_url, checkout_token)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
