-- The version of a product that is sold now.
SELECT p.code, p.version, p.name_zh, p.name_en, p.method, p.annual_rate_per_billion,
    p.penalty_daily_per_billion, p.grace_days, p.early_rule, p.min_amount_fen, p.max_amount_fen,
    p.extension_max_count, p.extension_max_days, p.lender_zh, p.lender_en, p.active
FROM product p WHERE p.code = $1 AND p.active = 1 ORDER BY p.version DESC LIMIT 1
