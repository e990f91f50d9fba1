-- A message or a private note.
INSERT INTO chat_message (customer_id, number, client_id, sender, staff_id, note, text_sealed, order_id,
    sent_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
