-- Takes an instalment for one payment; another one that has it makes the unit fail.
INSERT INTO live_collection (customer_id, contract_id, instalment, payment_id)
VALUES ($1, $2, $3, $4)
