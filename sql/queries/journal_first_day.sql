-- The first day that has an entry; $1 is before every day, so that the index gives the order.
-- shards: the books of all customers.
SELECT posted_day FROM journal_entry WHERE posted_day > $1 ORDER BY posted_day LIMIT 1
