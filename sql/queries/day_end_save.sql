-- Progress of the day-end of day $1.
INSERT INTO day_end (day, state, started_us, finished_us, contract_count, collection_count, message)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (day) DO UPDATE SET state = $2, finished_us = $4, contract_count = $5,
    collection_count = $6, message = $7
