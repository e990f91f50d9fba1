-- Ends the lease proved by $3 attempts: done, given up, or to be tried again at $5.
UPDATE outbox
SET state = $4, next_try_at_us = $5, last_error = $6
WHERE customer_id = $1 AND outbox_id = $2 AND attempts = $3 AND state = 0;
