-- Requests in a state, the oldest first, after the place ($2, $3), at most $4.
-- shards: the staff's inbox lists over all customers.
SELECT x.customer_id, x.request_id, x.order_id, x.contract_id, x.instalment_number, x.days, x.cost_fen,
    x.reason, x.state, x.created_us, x.answer_by_us, x.decided_us, x.decided_by, x.note
FROM extension_request x
WHERE x.state = $1 AND (x.created_us, x.request_id) > ($2, $3)
ORDER BY x.created_us, x.request_id LIMIT $4
