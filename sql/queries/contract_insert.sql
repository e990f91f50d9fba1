-- A new contract.
INSERT INTO contract (customer_id, contract_id, order_id, terms, accepted_items, accepted_cost_fen,
    activated_day, state, event_count, last_event_day, status, next_action_day, principal_left_fen,
    left_fen, oldest_unpaid_day, journal_number, journal_hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
