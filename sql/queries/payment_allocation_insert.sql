-- What a payment pays in one instalment.
INSERT INTO payment_allocation (customer_id, payment_id, contract_id, instalment, order_id, due_day,
    principal_fen, interest_fen, fee_fen, penalty_fen, left_after_fen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
