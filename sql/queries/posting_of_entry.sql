-- The lines of an entry.
SELECT account, amount_fen
FROM posting
WHERE customer_id = $1 AND contract_id = $2 AND number = $3
ORDER BY line;
