-- What the entries that $2 caused moved, by account.
-- scan: sorts the few lines of one source; the entries are found by their customer.
SELECT p.account,
    CAST(SUM(CASE WHEN p.amount_fen > 0 THEN p.amount_fen ELSE 0 END) AS BIGINT),
    CAST(SUM(CASE WHEN p.amount_fen < 0 THEN -p.amount_fen ELSE 0 END) AS BIGINT)
FROM journal_entry e
JOIN posting p
    ON p.customer_id = e.customer_id AND p.contract_id = e.contract_id AND p.number = e.number
WHERE e.customer_id = $1 AND e.source_id = $2
GROUP BY p.account
ORDER BY p.account
