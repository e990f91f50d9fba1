-- What stands beside a customer's orders on a screen, in one statement: kind 1 payments (on their
-- way, the latest automatic debit, those whose detail is like $2), 2 funding sources without what
-- is sealed, 3 requests for more time, 4 one row of settings and counts. The columns are those of
-- a payment; the other kinds lie in columns of the same type (src/store/customer_file.c).
SELECT p.customer_id, p.payment_id, p.entry, p.state, p.live, p.initiator, p.purpose,
    p.purpose_orders, p.purpose_amount_fen, p.method, p.funding_source_id, p.channel, p.mode,
    p.amount_fen, p.business_day, p.created_us, p.submitted_us, p.finished_us, p.customer_ip,
    p.return_url, p.action_url, p.action_expires_us, p.failure, p.provider_code,
    p.transaction_id, p.excess_fen, p.original_payment_id, p.refunded_fen, p.cancel_requested,
    p.resend, p.run, p.position, p.detail, 1
FROM payment p
WHERE p.customer_id = $1
    AND (p.live = 1 OR p.detail LIKE CAST($2 AS TEXT)
        OR p.payment_id = (SELECT MAX(q.payment_id) FROM payment q
            WHERE q.customer_id = $1 AND q.entry = 2))
UNION ALL
SELECT f.customer_id, f.funding_source_id, f.state, f.mode, f.bind_state, f.failure, f.wrong_codes,
    f.bank_code, f.single_limit_fen, NULL, NULL, NULL, NULL,
    f.daily_limit_fen, NULL, f.created_us, f.bound_us, f.removed_us, f.tail,
    f.phone_masked, NULL, f.code_sent_us, NULL, NULL,
    NULL, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, 2
FROM funding_source f WHERE f.customer_id = $1
UNION ALL
SELECT x.customer_id, x.request_id, x.state, x.instalment_number, x.days, NULL, NULL,
    x.reason, x.cost_fen, NULL, x.order_id, NULL, NULL,
    NULL, NULL, x.created_us, x.answer_by_us, x.decided_us, x.note,
    NULL, NULL, NULL, NULL, NULL,
    NULL, x.contract_id, x.decided_by, NULL, NULL,
    NULL, NULL, NULL, NULL, 3
FROM extension_request x WHERE x.customer_id = $1
UNION ALL
SELECT u.customer_id, a.version, a.enabled, NULL, NULL, NULL, NULL,
    a.sources, (SELECT b.balance_fen FROM credit_balance b WHERE b.customer_id = $1), NULL,
    (SELECT COUNT(*) FROM notice n WHERE n.customer_id = $1 AND n.read_at = 0), NULL, NULL,
    (SELECT COUNT(*) FROM chat_message m WHERE m.customer_id = $1 AND m.sender <> 'customer' AND m.note = 0
        AND m.number > COALESCE((SELECT c.read_by_customer FROM conversation c
            WHERE c.customer_id = $1), 0)), NULL, a.consent_us, NULL, NULL, a.consent_version,
    NULL, NULL, NULL, NULL, NULL,
    NULL, a.mandate_id, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, 4
FROM customer u LEFT JOIN autopay a ON a.customer_id = u.customer_id
WHERE u.customer_id = $1
