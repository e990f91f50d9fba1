-- What became of the automatic repayments that were begun on day $1: paid from the credit balance,
-- then debits that were collected, that failed, that are on their way; number and fen of each.
-- shards: the day-end's report, once a day.
SELECT CAST(COALESCE(SUM(CASE WHEN method = 4 THEN 1 ELSE 0 END), 0) AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method = 4 THEN amount_fen ELSE 0 END), 0) AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method <> 4 AND state = 3 THEN 1 ELSE 0 END), 0) AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method <> 4 AND state = 3 THEN amount_fen ELSE 0 END), 0)
        AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method <> 4 AND live = 0 AND state <> 3 THEN 1 ELSE 0 END), 0)
        AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method <> 4 AND live = 0 AND state <> 3 THEN amount_fen ELSE 0 END),
        0) AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method <> 4 AND live = 1 THEN 1 ELSE 0 END), 0) AS BIGINT),
    CAST(COALESCE(SUM(CASE WHEN method <> 4 AND live = 1 THEN amount_fen ELSE 0 END), 0) AS BIGINT)
FROM payment WHERE entry = 2 AND live IN (0, 1) AND business_day = $1
