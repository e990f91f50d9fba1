-- Progress of the day-end of day $1.
INSERT INTO day_end (day, state, started_us, finished_us, contract_count, collection_count, message,
    report)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (day) DO UPDATE SET state = excluded.state, finished_us = excluded.finished_us,
    contract_count = excluded.contract_count, collection_count = excluded.collection_count,
    message = excluded.message, report = excluded.report
