-- The day-end of a day.
SELECT day, state, started_us, finished_us, contract_count, collection_count, message, report
FROM day_end WHERE day = $1
