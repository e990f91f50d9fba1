-- Roots of the days after one, in order.
SELECT day, entry_count, previous, root, signature, public_key, created_at_us FROM merkle_root
WHERE day > $1 ORDER BY day LIMIT $2
