-- Entries of all chains after a place, in key order: verification, page by page.
-- shards: verification walks every chain, page by page.
SELECT customer_id, contract_id, number, posted_day, source_id, created_at_us, lines, hash
FROM journal_entry
WHERE (customer_id, contract_id, number) > ($1, $2, $3)
ORDER BY customer_id, contract_id, number
LIMIT $4;
