-- The cost table that a contract was accepted on.
SELECT table_json, table_hash, read_ms, accepted_us, consent_version
FROM accepted_cost_table WHERE customer_id = $1 AND contract_id = $2
