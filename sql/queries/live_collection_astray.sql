-- Live collections without a payment on its way, at most $1.
-- scan: verification looks at every live collection; there are only as many as payments under way.
-- shards: verification looks at what is under way everywhere.
SELECT l.contract_id, l.instalment, l.payment_id
FROM live_collection l
LEFT JOIN payment p
    ON p.customer_id = l.customer_id AND p.payment_id = l.payment_id AND p.state IN (1, 2, 5)
WHERE p.payment_id IS NULL
LIMIT $1
