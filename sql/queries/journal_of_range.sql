-- Entries of all chains of the customers after $1 up to $2, in key order.
-- shards: verification reads every customer, range by range.
SELECT customer_id, contract_id, number, posted_day, source_id, created_at_us, lines, hash
FROM journal_entry WHERE customer_id > $1 AND customer_id <= $2
ORDER BY customer_id, contract_id, number
