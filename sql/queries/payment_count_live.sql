-- How many automatic repayments begun up to day $1 are still on their way.
-- shards: the day-end waits for the debits of its day.
SELECT COUNT(*) FROM payment WHERE entry = 2 AND live = 1 AND business_day <= $1
