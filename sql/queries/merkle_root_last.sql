-- The root of the last day before $1 that has one.
SELECT day, entry_count, previous, root, signature, public_key, created_at_us FROM merkle_root
WHERE day < $1 ORDER BY day DESC LIMIT 1
