-- Payments of a customer older than $2, newest first; entry $4 or all (0); whose detail is like $5.
SELECT p.customer_id, p.payment_id, p.entry, p.state, p.live, p.initiator, p.purpose,
    p.purpose_orders, p.purpose_amount_fen, p.method, p.funding_source_id, p.channel, p.mode,
    p.amount_fen, p.business_day, p.created_us, p.submitted_us, p.finished_us, p.customer_ip,
    p.return_url, p.action_url, p.action_expires_us, p.failure, p.provider_code,
    p.transaction_id, p.excess_fen, p.original_payment_id, p.refunded_fen, p.cancel_requested,
    p.resend, p.run, p.position, p.detail
FROM payment p
WHERE p.customer_id = $1 AND p.payment_id < $2 AND ($4 = 0 OR p.entry = $4)
    AND p.detail LIKE CAST($5 AS TEXT)
ORDER BY p.payment_id DESC LIMIT $3
