-- All facts of a contract in the order in which they were learned.
SELECT sequence, kind, event_day, recorded_us, body FROM contract_event
WHERE customer_id = $1 AND contract_id = $2 ORDER BY sequence
