-- The day is done.
DELETE FROM day_end_range WHERE day = $1
