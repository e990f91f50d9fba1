-- Every migration that this database has had, oldest first.
-- scan: a few rows, read once at start.
SELECT number, name, checksum, applied_at_us
FROM schema_migration
ORDER BY number;
