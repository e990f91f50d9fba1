-- What a customer has with us, and the end of the customer's own chain of journal entries.
SELECT balance_fen, journal_number, journal_hash FROM credit_balance WHERE customer_id = $1
