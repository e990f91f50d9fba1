-- How a range stands.
UPDATE day_end_range SET planned = $4, owner = $5, lease_until_us = $6, done = $7, started_us = $8,
    finished_us = $9, counts = $10, fault = $11
WHERE day = $1 AND step = $2 AND number = $3
