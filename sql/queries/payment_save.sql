-- Everything of a payment that can change; that a final state never does is seen to before.
UPDATE payment
SET state = $3, live = $4, submitted_us = $5, finished_us = $6, customer_ip = $7,
    action_url = $8, action_expires_us = $9, failure = $10, provider_code = $11,
    transaction_id = $12, excess_fen = $13, refunded_fen = $14, cancel_requested = $15,
    resend = $16, detail = $17
WHERE customer_id = $1 AND payment_id = $2
