-- The latest tests of a customer's funding sources.
SELECT funding_source_id, state, at_us, failure FROM autopay_test WHERE customer_id = $1
ORDER BY funding_source_id
