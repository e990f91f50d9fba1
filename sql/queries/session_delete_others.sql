-- Ends every session of a customer but one (0: all of them), and the expired.
DELETE FROM session WHERE customer_id = $1 AND session_id <> $2
