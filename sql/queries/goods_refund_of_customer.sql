-- A customer's refunds of goods, the newest first.
SELECT customer_id, refund_id, order_id, contract_id, shop_refund_no, amount_fen, to_debt_fen,
    to_customer_fen, reason, refunded_day, created_us
FROM goods_refund WHERE customer_id = $1 ORDER BY refund_id DESC
