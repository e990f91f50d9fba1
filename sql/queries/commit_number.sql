-- The number that this unit's lock gave it: whoever has one already has a smaller one. (Of the
-- machine that all committers speak to; without a number nobody may conclude anything.)
SELECT /*sqlite: 0 */ /*postgres: COALESCE(
    CAST(CAST(pg_current_xact_id_if_assigned() AS TEXT) AS BIGINT), 9223372036854775807) */
