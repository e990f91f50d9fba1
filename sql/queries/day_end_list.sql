-- The latest day-ends, newest first.
-- scan: the primary key backwards, and only LIMIT rows of it
SELECT day, state, started_us, finished_us, contract_count, collection_count, message, report
FROM day_end WHERE day <= $2 ORDER BY day DESC LIMIT $1
