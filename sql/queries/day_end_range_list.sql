-- The ranges of a day in the order of their steps.
SELECT step, number, first_customer, end_customer, planned, owner, lease_until_us, done,
    started_us, finished_us, counts, fault
FROM day_end_range WHERE day = $1 ORDER BY step, number
