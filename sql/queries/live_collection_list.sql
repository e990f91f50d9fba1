-- What is being collected from a customer.
SELECT contract_id, instalment, payment_id, customer_id FROM live_collection
WHERE customer_id = $1 ORDER BY contract_id, instalment
