-- A customer's extension requests, the newest first.
SELECT x.customer_id, x.request_id, x.order_id, x.contract_id, x.instalment_number, x.days, x.cost_fen,
    x.reason, x.state, x.created_us, x.answer_by_us, x.decided_us, x.decided_by, x.note
FROM extension_request x WHERE x.customer_id = $1 ORDER BY x.request_id DESC
