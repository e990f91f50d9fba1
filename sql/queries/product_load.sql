-- One version of a product.
SELECT p.code, p.version, p.name_zh, p.name_en, p.method, p.terms, p.min_amount_fen, p.max_amount_fen,
    p.lender_zh, p.lender_en, p.active
FROM product p WHERE p.code = $1 AND p.version = $2
