-- The message that a sender has sent under its own id.
SELECT number, client_id, sender, staff_id, note, text_sealed, order_id, sent_at
FROM chat_message WHERE customer_id = $1 AND sender = $2 AND client_id = $3
