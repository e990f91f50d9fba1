-- Payments, funding sources, mandates. See note.md.

-- One row a payment, an automatic debit or a refund to the customer. entry: 1 payment, 2 autopay,
-- 3 refund; state: 1 created, 2 submitted, 3 succeeded, 4 failed, 5 unknown, 6 cancelled; live is 1
-- until the state is final. detail is JSON: for which contracts it is meant, what it pays there,
-- what became of it (note.md).
CREATE TABLE payment (
    customer_id BIGINT NOT NULL,
    payment_id BIGINT NOT NULL,
    entry INTEGER NOT NULL,
    state INTEGER NOT NULL,
    live INTEGER NOT NULL,
    initiator INTEGER NOT NULL,
    purpose INTEGER NOT NULL,
    purpose_orders TEXT NOT NULL,
    purpose_amount_fen BIGINT NOT NULL,
    method INTEGER NOT NULL,
    funding_source_id BIGINT NOT NULL,
    channel INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    amount_fen BIGINT NOT NULL,
    business_day INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    submitted_us BIGINT,
    finished_us BIGINT,
    customer_ip TEXT,
    return_url TEXT,
    action_url TEXT,
    action_expires_us BIGINT,
    failure INTEGER NOT NULL,
    provider_code TEXT,
    transaction_id TEXT,
    excess_fen BIGINT NOT NULL,
    original_payment_id BIGINT NOT NULL,
    refunded_fen BIGINT NOT NULL,
    cancel_requested INTEGER NOT NULL,
    resend INTEGER NOT NULL,
    run INTEGER NOT NULL,
    position INTEGER NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (customer_id, payment_id)
);

-- The day-end waits for the automatic debits of its day by this, and reports what became of them.
CREATE INDEX payment_automatic ON payment (live, business_day) WHERE entry = 2;

-- The wall against collecting twice: while a row stands, nothing else may collect that instalment.
-- Only payments that wait for a channel have rows here.
CREATE TABLE live_collection (
    customer_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    instalment INTEGER NOT NULL,
    payment_id BIGINT NOT NULL,
    PRIMARY KEY (customer_id, contract_id, instalment)
) /*sqlite: WITHOUT ROWID */;

-- Bank cards. state: 1 pending, 2 active, 3 unusable, 4 removed. card_sealed (number, name, identity
-- number, phone) exists only until the binding is decided; secrets are sealed under the customer's
-- key. card_hash is a keyed hash that tells whether a card is bound already.
CREATE TABLE funding_source (
    customer_id BIGINT NOT NULL,
    funding_source_id BIGINT NOT NULL,
    state INTEGER NOT NULL,
    mode INTEGER NOT NULL,
    bank_code TEXT NOT NULL,
    tail TEXT NOT NULL,
    card_hash BLOB NOT NULL,
    card_sealed BLOB,
    phone_masked TEXT NOT NULL,
    bind_ref_sealed BLOB,
    protocol_sealed BLOB,
    bind_state INTEGER NOT NULL,
    failure INTEGER NOT NULL,
    wrong_codes INTEGER NOT NULL,
    code_sent_us BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    bound_us BIGINT,
    removed_us BIGINT,
    single_limit_fen BIGINT NOT NULL,
    daily_limit_fen BIGINT NOT NULL,
    PRIMARY KEY (customer_id, funding_source_id)
) /*sqlite: WITHOUT ROWID */;

-- Automatic repayment as it is set now; version grows with each change.
CREATE TABLE autopay (
    customer_id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    enabled INTEGER NOT NULL,
    sources TEXT NOT NULL,
    consent_version TEXT,
    consent_us BIGINT,
    mandate_id BIGINT NOT NULL
);

-- Mandates 代扣授权: what the customer agreed to, or took back. Facts, never changed. sources are the
-- funding sources in the order in which they may be charged (0 is the credit balance).
CREATE TABLE mandate (
    customer_id BIGINT NOT NULL,
    mandate_id BIGINT NOT NULL,
    enabled INTEGER NOT NULL,
    sources TEXT NOT NULL,
    consent_version TEXT,
    consent_text TEXT,
    mode INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (customer_id, mandate_id)
) /*sqlite: WITHOUT ROWID */;

-- The latest test of each funding source. state: 1 processing, 2 passed, 3 failed.
CREATE TABLE autopay_test (
    customer_id BIGINT NOT NULL,
    funding_source_id BIGINT NOT NULL,
    state INTEGER NOT NULL,
    at_us BIGINT NOT NULL,
    failure INTEGER NOT NULL,
    PRIMARY KEY (customer_id, funding_source_id)
) /*sqlite: WITHOUT ROWID */;

-- Which debits were tried: the same place is never taken twice. position counts the sources of a run.
CREATE TABLE autopay_attempt (
    customer_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    run INTEGER NOT NULL,
    position INTEGER NOT NULL,
    payment_id BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (customer_id, contract_id, day, run, position)
) /*sqlite: WITHOUT ROWID */;

-- Progress of the day-end, one row a day. report: what the day came to, as JSON, once it is done.
CREATE TABLE day_end (
    day INTEGER NOT NULL PRIMARY KEY,
    state INTEGER NOT NULL,
    started_us BIGINT NOT NULL,
    finished_us BIGINT,
    contract_count BIGINT NOT NULL,
    collection_count BIGINT NOT NULL,
    message TEXT,
    report TEXT
);

-- What the work of a day under way is split into: one row a step and range of customers, from
-- first_customer up to end_customer, which is excluded. A process takes a range under a lease, owner
-- 0 is nobody; counts are the numbers of struct day_end_counts, fault is the first of the
-- contracts that failed. The rows go when the day is done.
CREATE TABLE day_end_range (
    day INTEGER NOT NULL,
    step INTEGER NOT NULL,
    number INTEGER NOT NULL,
    first_customer BIGINT NOT NULL,
    end_customer BIGINT NOT NULL,
    planned BIGINT NOT NULL,
    owner BIGINT NOT NULL,
    lease_until_us BIGINT NOT NULL,
    done INTEGER NOT NULL,
    started_us BIGINT,
    finished_us BIGINT,
    counts TEXT NOT NULL,
    fault TEXT,
    PRIMARY KEY (day, step, number)
) /*sqlite: WITHOUT ROWID */;
