-- Takes an item until $4, unless somebody has taken it since it was seen with $3 attempts.
UPDATE outbox
SET attempts = attempts + 1, next_try_at_us = $4
WHERE customer_id = $1 AND outbox_id = $2 AND attempts = $3 AND state = 0;
