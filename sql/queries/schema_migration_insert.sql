-- Records a migration, in the transaction that performs it.
INSERT INTO schema_migration (number, name, checksum, applied_at_us)
VALUES ($1, $2, $3, $4);
