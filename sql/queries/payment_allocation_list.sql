-- What a payment pays, by contract and instalment.
SELECT contract_id, instalment, order_id, due_day, principal_fen, interest_fen, fee_fen, penalty_fen,
    left_after_fen
FROM payment_allocation WHERE customer_id = $1 AND payment_id = $2
ORDER BY contract_id, instalment
