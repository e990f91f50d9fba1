-- A payment begins.
INSERT INTO payment (customer_id, payment_id, entry, state, live, initiator, purpose,
    purpose_orders, purpose_amount_fen, method, funding_source_id, channel, mode, amount_fen,
    business_day, created_us, submitted_us, finished_us, customer_ip, return_url, action_url,
    action_expires_us, failure, provider_code, transaction_id, excess_fen, original_payment_id,
    refunded_fen, cancel_requested, resend, run, position, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
    $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)
