-- What all customers together have with us.
-- scan: a sum over everything, for verification.
-- shards: verification adds up all customers.
SELECT CAST(COALESCE(SUM(balance_fen), 0) AS BIGINT) FROM credit_balance
