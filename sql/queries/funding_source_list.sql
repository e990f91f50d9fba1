-- The funding sources of a customer, the oldest first.
SELECT customer_id, funding_source_id, state, mode, bank_code, tail, card_hash, card_sealed,
    phone_masked, bind_ref_sealed, protocol_sealed, bind_state, failure, wrong_codes,
    code_sent_us, created_us, bound_us, removed_us, single_limit_fen, daily_limit_fen
FROM funding_source WHERE customer_id = $1 ORDER BY funding_source_id
