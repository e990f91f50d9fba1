-- Takes an instalment for one payment, unless another one has it.
INSERT INTO live_collection (customer_id, contract_id, instalment, payment_id)
VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
