-- All facts of the contracts of the customers after $1 up to $2, in the order in which they were
-- learned.
-- shards: rebuild and verify read every customer, range by range.
SELECT customer_id, contract_id, sequence, kind, event_day, recorded_us, body FROM contract_event
WHERE customer_id > $1 AND customer_id <= $2 ORDER BY customer_id, contract_id, sequence
