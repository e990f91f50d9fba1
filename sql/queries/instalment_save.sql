-- One instalment as it stands now.
INSERT INTO instalment (customer_id, contract_id, number, due_day, principal_fen, interest_fen,
    fee_fen, penalty_fen, paid_fen, left_fen, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (customer_id, contract_id, number) DO UPDATE SET due_day = excluded.due_day,
    principal_fen = excluded.principal_fen, interest_fen = excluded.interest_fen,
    fee_fen = excluded.fee_fen, penalty_fen = excluded.penalty_fen, paid_fen = excluded.paid_fen,
    left_fen = excluded.left_fen, status = excluded.status
