-- The first day after $1, up to $2, on which a contract has something to do.
-- shards: the day-end looks for days left open, once a range.
SELECT MIN(next_action_day) FROM contract WHERE next_action_day > $1 AND next_action_day <= $2
