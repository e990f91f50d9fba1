-- A fact of a contract.
INSERT INTO contract_event (customer_id, contract_id, sequence, kind, event_day, recorded_us, body)
VALUES ($1, $2, $3, $4, $5, $6, $7)
