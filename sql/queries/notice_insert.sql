-- A message to a customer, as sent.
INSERT INTO notice (customer_id, notice_id, kind, title_zh, title_en, body_zh, body_en, target,
    order_id, payment_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
