-- Every transaction that is still at work has this number or a greater one. SQLite has one writer,
-- of whom a snapshot shows nothing unfinished.
SELECT /*sqlite: 0 */ /*postgres: CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) */
