-- What a customer's account shows beside what it is: balance, unread messages, unread notices.
SELECT (SELECT b.balance_fen FROM credit_balance b WHERE b.customer_id = $1),
    (SELECT COUNT(*) FROM chat_message m
        WHERE m.customer_id = $1 AND m.sender <> 'customer' AND m.note = 0
            AND m.number > COALESCE((SELECT c.read_by_customer FROM conversation c
                WHERE c.customer_id = $1), 0)),
    (SELECT COUNT(*) FROM notice n WHERE n.customer_id = $1 AND n.read_at = 0)
FROM customer u WHERE u.customer_id = $1
