-- What a payment is meant for, one contract.
INSERT INTO payment_part (customer_id, payment_id, position, contract_id, order_id, amount_fen,
    target, event_sequence)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
