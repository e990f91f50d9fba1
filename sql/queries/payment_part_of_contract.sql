-- The parts of payments that became an event of a contract.
SELECT position, contract_id, order_id, amount_fen, target, event_sequence
FROM payment_part
WHERE customer_id = $1 AND contract_id = $2 AND event_sequence > 0
