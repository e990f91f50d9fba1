-- A customer asks for an extension.
INSERT INTO extension_request (customer_id, request_id, order_id, contract_id, instalment_number,
    days, cost_fen, reason, state, created_us, answer_by_us, decided_us, decided_by, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
