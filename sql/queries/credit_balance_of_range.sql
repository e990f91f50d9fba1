-- What the customers after $1 up to $2 have with us, and the ends of their own chains.
-- shards: verification reads every customer, range by range.
SELECT customer_id, balance_fen, journal_number, journal_hash FROM credit_balance
WHERE customer_id > $1 AND customer_id <= $2 ORDER BY customer_id
