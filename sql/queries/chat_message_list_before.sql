-- Messages before a number, newest first.
SELECT number, client_id, sender, staff_id, note, text_sealed, order_id, sent_at
FROM chat_message WHERE customer_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3
