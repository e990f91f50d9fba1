-- A new version of a product.
INSERT INTO product (code, version, name_zh, name_en, method, terms, min_amount_fen, max_amount_fen,
    lender_zh, lender_en, active, created_us)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
