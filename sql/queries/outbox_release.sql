-- Items of lane $1 that wait until $3 at most become due now ($2): what a dead worker had leased.
-- shards: a worker starts and frees what its predecessor held.
UPDATE outbox SET next_try_at_us = $2
WHERE lane = $1 AND state = 0 AND next_try_at_us > $2 AND next_try_at_us <= $3
