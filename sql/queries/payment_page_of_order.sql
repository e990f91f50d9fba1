-- Payments that are about order $2, older than $3, newest first; entry $5 or all (0).
SELECT p.customer_id, p.payment_id, p.entry, p.state, p.live, p.initiator, p.purpose,
    p.purpose_orders, p.purpose_amount_fen, p.method, p.funding_source_id, p.channel, p.mode,
    p.amount_fen, p.business_day, p.created_us, p.submitted_us, p.finished_us, p.customer_ip,
    p.return_url, p.action_url, p.action_expires_us, p.failure, p.provider_code,
    p.transaction_id, p.excess_fen, p.original_payment_id, p.refunded_fen, p.cancel_requested,
    p.resend, p.run, p.position, p.step_count
FROM payment_part a JOIN payment p ON p.customer_id = a.customer_id AND p.payment_id = a.payment_id
WHERE a.customer_id = $1 AND a.order_id = $2 AND a.payment_id < $3 AND ($5 = 0 OR p.entry = $5)
ORDER BY a.payment_id DESC LIMIT $4
