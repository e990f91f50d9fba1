-- A range of a step, which nobody works on yet.
INSERT INTO day_end_range (day, step, number, first_customer, end_customer, planned, owner,
    lease_until_us, done, started_us, finished_us, counts, fault)
VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, NULL, NULL, '', NULL)
