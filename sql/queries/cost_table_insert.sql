-- The cost table that the customer accepted.
INSERT INTO accepted_cost_table (customer_id, contract_id, table_json, table_hash, read_ms,
    accepted_us, consent_version)
VALUES ($1, $2, $3, $4, $5, $6, $7)
