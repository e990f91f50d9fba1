-- When the next item of a lane is due.
-- shards: workers poll the outbox of every shard.
SELECT next_try_at_us
FROM outbox
WHERE state = 0 AND lane = $1
ORDER BY next_try_at_us
LIMIT 1;
