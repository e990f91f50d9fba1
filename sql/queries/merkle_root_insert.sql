-- The signed root of a day; whoever was first stays.
INSERT INTO merkle_root (day, entry_count, previous, root, signature, public_key, created_at_us)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (day) DO NOTHING
