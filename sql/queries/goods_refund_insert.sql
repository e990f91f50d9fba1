-- The shop gave money back for goods.
INSERT INTO goods_refund (customer_id, refund_id, order_id, contract_id, shop_refund_no, amount_fen,
    to_debt_fen, to_customer_fen, reason, refunded_day, created_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
