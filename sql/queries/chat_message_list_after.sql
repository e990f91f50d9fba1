-- Messages after a number, oldest first.
SELECT number, client_id, sender, staff_id, note, text_sealed, order_id, sent_at
FROM chat_message WHERE customer_id = $1 AND number > $2 ORDER BY number LIMIT $3
