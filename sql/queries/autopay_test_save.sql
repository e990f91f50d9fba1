-- The latest test of a funding source.
INSERT INTO autopay_test (customer_id, funding_source_id, state, at_us, failure)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (customer_id, funding_source_id) DO UPDATE SET state = $3, at_us = $4, failure = $5
