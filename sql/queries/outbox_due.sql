-- Items of a lane whose time has come, the longest due first.
-- shards: workers poll the outbox of every shard.
SELECT customer_id, outbox_id, kind, payload, attempts, created_at_us, last_error
FROM outbox
WHERE state = 0 AND lane = $1 AND next_try_at_us <= $2
ORDER BY next_try_at_us
LIMIT $3;
