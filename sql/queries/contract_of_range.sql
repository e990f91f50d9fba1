-- Every contract of the customers after $1 up to $2, in the order of its key.
-- shards: rebuild and verify read every customer, range by range.
SELECT k.customer_id, k.contract_id, k.order_id, k.terms, k.accepted_items, k.accepted_cost_fen,
    k.activated_day, k.state, k.event_count, k.last_event_day, k.status, k.next_action_day,
    k.principal_left_fen, k.left_fen, k.oldest_unpaid_day,
    k.journal_number, k.journal_hash
FROM contract k WHERE k.customer_id > $1 AND k.customer_id <= $2
ORDER BY k.customer_id, k.contract_id
