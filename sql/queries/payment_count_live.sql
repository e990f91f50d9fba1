-- How many payments of entry $1 made up to day $2 are still on their way.
-- shards: the day-end waits for the debits of its day.
SELECT COUNT(*) FROM payment WHERE live = 1 AND entry = $1 AND business_day <= $2
