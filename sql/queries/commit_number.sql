-- The number of this transaction: whoever has one already has a smaller one.
SELECT /*sqlite: 0 */ /*postgres: CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT) */
