-- Something became of a payment.
INSERT INTO payment_step (customer_id, payment_id, number, at_us, state, code)
VALUES ($1, $2, $3, $4, $5, $6)
