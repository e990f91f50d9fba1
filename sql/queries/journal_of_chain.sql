-- Entries of one chain after a number.
SELECT customer_id, contract_id, number, posted_day, source_id, created_at_us, canonical,
    previous_hash, hash
FROM journal_entry
WHERE customer_id = $1 AND contract_id = $2 AND number > $3
ORDER BY number
LIMIT $4;
