-- Hashes of a day's entries in the order of recording, after a place.
-- shards: the root of a day covers every customer's entries.
SELECT created_at_us, customer_id, contract_id, number, hash FROM journal_entry
WHERE posted_day = $1 AND (created_at_us, customer_id, contract_id, number) > ($2, $3, $4, $5)
ORDER BY created_at_us, customer_id, contract_id, number LIMIT $6
