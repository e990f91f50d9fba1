-- Messages of others than one sender after a number; private notes do not count.
SELECT COUNT(*) FROM chat_message
WHERE customer_id = $1 AND number > $2 AND sender <> $3 AND note = 0
