-- Contracts that have something to do on or before day $1, after the place ($2, $3, $4) in the
-- order of (day, customer, contract), at most $5.
-- shards: the day-end pages through the day's contracts.
SELECT k.customer_id, k.contract_id, k.order_id, k.terms, k.accepted_items, k.accepted_cost_fen,
    k.activated_day, k.state, k.event_count, k.last_event_day, k.status, k.next_action_day,
    k.principal_left_fen, k.left_fen, k.oldest_unpaid_day,
    k.journal_number, k.journal_hash
FROM contract k
WHERE k.next_action_day <= $1 AND (k.next_action_day, k.customer_id, k.contract_id) > ($2, $3, $4)
ORDER BY k.next_action_day, k.customer_id, k.contract_id LIMIT $5
