-- A refund by the number that the shop gave it.
SELECT customer_id, refund_id, order_id, contract_id, shop_refund_no, amount_fen, to_debt_fen,
    to_customer_fen, reason, refunded_day, created_us
FROM goods_refund WHERE customer_id = $1 AND order_id = $2 AND shop_refund_no = $3
