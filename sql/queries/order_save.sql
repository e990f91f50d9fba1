-- What of an order can change: accepted, expired, refunded.
UPDATE orders SET state = $3, accepted_us = $4, contract_id = $5, instalment_count = $6,
    refunded_fen = $7
WHERE customer_id = $1 AND order_id = $2
