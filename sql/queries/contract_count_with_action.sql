-- How many contracts have something to do on or before day $1.
-- shards: the day-end counts its day, once.
SELECT COUNT(*) FROM contract WHERE next_action_day <= $1
