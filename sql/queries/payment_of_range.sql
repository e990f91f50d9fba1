-- All payments of the customers after $1 up to $2, in the order of their key.
-- shards: verification reads every customer, range by range.
SELECT p.customer_id, p.payment_id, p.entry, p.state, p.live, p.initiator, p.purpose,
    p.purpose_orders, p.purpose_amount_fen, p.method, p.funding_source_id, p.channel, p.mode,
    p.amount_fen, p.business_day, p.created_us, p.submitted_us, p.finished_us, p.customer_ip,
    p.return_url, p.action_url, p.action_expires_us, p.failure, p.provider_code,
    p.transaction_id, p.excess_fen, p.original_payment_id, p.refunded_fen, p.cancel_requested,
    p.resend, p.run, p.position, p.detail
FROM payment p WHERE p.customer_id > $1 AND p.customer_id <= $2
ORDER BY p.customer_id, p.payment_id
