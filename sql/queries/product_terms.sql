-- The numbers of instalments that a version of a product offers.
SELECT instalment_count, annual_rate_per_billion, period_fee_per_billion FROM product_term
WHERE code = $1 AND version = $2 ORDER BY instalment_count
