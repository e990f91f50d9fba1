-- Forgets the plan: what was really paid takes its place.
DELETE FROM payment_allocation WHERE customer_id = $1 AND payment_id = $2
