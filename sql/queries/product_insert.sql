-- A new version of a product.
INSERT INTO product (code, version, name_zh, name_en, method, annual_rate_per_billion,
    penalty_daily_per_billion, grace_days, early_rule, min_amount_fen, max_amount_fen,
    extension_max_count, extension_max_days, lender_zh, lender_en, active, created_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
