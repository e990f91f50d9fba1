-- Every migration that this database has had, oldest first.
-- scan: a few rows, read once at start.
SELECT number, name, checksum
FROM schema_migration
ORDER BY number;
