-- A part has settled by the contract's event.
UPDATE payment_part SET event_sequence = $4
WHERE customer_id = $1 AND payment_id = $2 AND position = $3
