-- Everything of a funding source that can change.
UPDATE funding_source
SET state = $3, bank_code = $4, card_sealed = $5, phone_masked = $6, bind_ref_sealed = $7,
    protocol_sealed = $8, bind_state = $9, failure = $10, wrong_codes = $11,
    code_sent_us = $12, bound_us = $13, removed_us = $14, single_limit_fen = $15,
    daily_limit_fen = $16
WHERE customer_id = $1 AND funding_source_id = $2
