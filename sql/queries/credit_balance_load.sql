-- What a customer has with us.
SELECT balance_fen FROM credit_balance WHERE customer_id = $1
