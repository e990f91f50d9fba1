-- The token of a new checkout page.
INSERT INTO checkout_directory (token, customer_id, order_id) VALUES ($1, $2, $3)
