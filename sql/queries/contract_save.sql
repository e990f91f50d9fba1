-- The derived part of a contract after an event.
UPDATE contract SET state = $3, event_count = $4, last_event_day = $5, status = $6,
    next_action_day = $7, principal_left_fen = $8, left_fen = $9, oldest_unpaid_day = $10,
    journal_number = $11, journal_hash = $12
WHERE customer_id = $1 AND contract_id = $2
