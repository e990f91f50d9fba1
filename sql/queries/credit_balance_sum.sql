-- What all customers together have with us.
-- scan: a sum over everything, for verification.
SELECT CAST(COALESCE(SUM(balance_fen), 0) AS BIGINT) FROM credit_balance
