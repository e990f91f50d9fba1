-- How many instalments a payment holds.
SELECT COUNT(*) FROM live_collection WHERE customer_id = $1 AND payment_id = $2
