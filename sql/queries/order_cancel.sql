-- An order that still waits is cancelled; one that was accepted meanwhile stays.
UPDATE orders SET state = 3 WHERE customer_id = $1 AND order_id = $2 AND state = 1
