-- The lines of the entries that $2 caused; they are found by their customer.
SELECT lines FROM journal_entry WHERE customer_id = $1 AND source_id = $2
