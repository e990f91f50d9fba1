-- A customer begins to bind a card.
INSERT INTO funding_source (customer_id, funding_source_id, state, mode, bank_code, tail,
    card_hash, card_sealed, phone_masked, bind_ref_sealed, protocol_sealed, bind_state,
    failure, wrong_codes, code_sent_us, created_us, bound_us, removed_us, single_limit_fen,
    daily_limit_fen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
    $20)
