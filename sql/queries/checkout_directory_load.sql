-- Which order a checkout token is for.
SELECT customer_id, order_id FROM checkout_directory WHERE token = $1
