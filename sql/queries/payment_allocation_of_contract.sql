-- Every payment of a contract that has succeeded, by instalment.
SELECT a.instalment, a.payment_id, p.business_day,
    a.principal_fen + a.interest_fen + a.fee_fen + a.penalty_fen
FROM payment_allocation a
JOIN payment p ON p.customer_id = a.customer_id AND p.payment_id = a.payment_id
WHERE a.customer_id = $1 AND a.contract_id = $2 AND p.state = 3
ORDER BY a.instalment, a.payment_id
