-- One entry at the end of its chain.
INSERT INTO journal_entry (customer_id, contract_id, number, posted_day, source_id, created_at_us,
    lines, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);
