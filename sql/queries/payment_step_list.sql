-- What became of a payment.
SELECT at_us, state, code FROM payment_step WHERE customer_id = $1 AND payment_id = $2 ORDER BY number
