-- The last entry of a chain: its number and hash.
SELECT number, hash
FROM journal_entry
WHERE customer_id = $1 AND contract_id = $2
ORDER BY number DESC
LIMIT 1;
