-- Debits and credits of every account: the trial balance.
-- scan: it is a sum over everything; verification and reports run it on a snapshot of their own.
-- shards: the trial balance adds up everything.
SELECT account,
    CAST(SUM(CASE WHEN amount_fen > 0 THEN amount_fen ELSE 0 END) AS BIGINT),
    CAST(SUM(CASE WHEN amount_fen < 0 THEN -amount_fen ELSE 0 END) AS BIGINT)
FROM posting
GROUP BY account
ORDER BY account;
