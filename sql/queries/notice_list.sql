-- A customer's notices before one of them, newest first.
SELECT notice_id, kind, title_zh, title_en, body_zh, body_en, target, order_id, payment_id, created_at,
    read_at
FROM notice WHERE customer_id = $1 AND notice_id < $2 ORDER BY notice_id DESC LIMIT $3
