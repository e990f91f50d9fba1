-- A number of instalments that a version of a product offers.
INSERT INTO product_term (code, version, instalment_count, annual_rate_per_billion,
    period_fee_per_billion)
VALUES ($1, $2, $3, $4, $5)
