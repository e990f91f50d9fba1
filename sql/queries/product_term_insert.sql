-- A number of instalments that a version of a product offers.
INSERT INTO product_term (code, version, instalment_count, period_fee_per_billion)
VALUES ($1, $2, $3, $4)
