-- The latest day-ends, newest first.
SELECT day, state, started_us, finished_us, contract_count, collection_count, message
FROM day_end ORDER BY day DESC LIMIT $1
