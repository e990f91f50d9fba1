-- The parts of a payment in their order.
SELECT position, contract_id, order_id, amount_fen, target, event_sequence
FROM payment_part WHERE customer_id = $1 AND payment_id = $2 ORDER BY position
