-- A payment is final: its instalments are free again.
DELETE FROM live_collection WHERE customer_id = $1 AND payment_id = $2
