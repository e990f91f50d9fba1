-- Forgets a customer's sessions that have run out.
DELETE FROM session WHERE customer_id = $1 AND expires_at <= $2
