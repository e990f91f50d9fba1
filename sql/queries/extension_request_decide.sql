-- The decision on a request that waits.
UPDATE extension_request SET state = $3, decided_us = $4, decided_by = $5, note = $6
WHERE customer_id = $1 AND request_id = $2 AND state = 1
