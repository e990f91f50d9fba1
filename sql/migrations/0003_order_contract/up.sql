-- Orders, products, contracts and what happened to them. See note.md.

CREATE TABLE shop (
    shop_id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    webhook_url TEXT,
    webhook_secret BLOB,
    created_us BIGINT NOT NULL,
    UNIQUE (code)
);

-- Directory: who an API key belongs to. Only the hash of a key is kept.
CREATE TABLE shop_key (
    key_hash TEXT NOT NULL PRIMARY KEY,
    shop_id BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    revoked_us BIGINT
);

-- Reference: a product is never edited, a change is the next version; the newest active one is sold.
-- terms is the engine's encoding of everything that does not depend on the order: principal, number
-- of instalments, rates and days are filled in when it is offered.
CREATE TABLE product (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    method INTEGER NOT NULL,
    terms BLOB NOT NULL,
    min_amount_fen BIGINT NOT NULL,
    max_amount_fen BIGINT NOT NULL,
    lender_zh TEXT NOT NULL,
    lender_en TEXT NOT NULL,
    active INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (code, version)
) /*sqlite: WITHOUT ROWID */;

-- Reference: the numbers of instalments that a version of a product offers, and their rates.
CREATE TABLE product_term (
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    instalment_count INTEGER NOT NULL,
    annual_rate_per_billion BIGINT NOT NULL,
    period_fee_per_billion BIGINT NOT NULL,
    PRIMARY KEY (code, version, instalment_count)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE orders (
    customer_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    shop_id BIGINT NOT NULL,
    shop_order_no TEXT NOT NULL,
    product_code TEXT NOT NULL,
    product_version INTEGER NOT NULL,
    title TEXT NOT NULL,
    goods TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    state INTEGER NOT NULL,
    placed_us BIGINT NOT NULL,
    placed_day INTEGER NOT NULL,
    expires_us BIGINT NOT NULL,
    accepted_us BIGINT,
    contract_id BIGINT NOT NULL,
    instalment_count INTEGER NOT NULL,
    refunded_fen BIGINT NOT NULL,
    return_url TEXT,
    checkout_token TEXT NOT NULL,
    PRIMARY KEY (customer_id, order_id)
) /*sqlite: WITHOUT ROWID */;

-- Orders that nobody accepted in time are found by this.
CREATE INDEX orders_pending ON orders (expires_us, customer_id, order_id) WHERE state = 1;

-- Directory: a shop's own number of an order, unique within the shop, with the hash of the body that
-- made it, so that the same order sent again is told from another one under its number.
CREATE TABLE shop_order_directory (
    shop_id BIGINT NOT NULL,
    shop_order_no TEXT NOT NULL,
    customer_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    body_hash TEXT NOT NULL,
    PRIMARY KEY (shop_id, shop_order_no)
) /*sqlite: WITHOUT ROWID */;

-- Directory: the token of a hosted checkout page.
CREATE TABLE checkout_directory (
    token TEXT NOT NULL PRIMARY KEY,
    customer_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL
) /*sqlite: WITHOUT ROWID */;

-- terms, accepted_items (bits of the engine's cost kinds) and accepted_cost_fen are facts: what the
-- accepted cost table allows to be charged. state and the columns after it are derived from terms and
-- contract_event; journal_number and journal_hash are the end of its chain of journal entries, so that
-- an entry is appended without reading the one before it. Instalments stand in state.
CREATE TABLE contract (
    customer_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    terms BLOB NOT NULL,
    accepted_items INTEGER NOT NULL,
    accepted_cost_fen BIGINT NOT NULL,
    activated_day INTEGER NOT NULL,
    state BLOB NOT NULL,
    event_count INTEGER NOT NULL,
    last_event_day INTEGER NOT NULL,
    status INTEGER NOT NULL,
    next_action_day INTEGER,
    principal_left_fen BIGINT NOT NULL,
    left_fen BIGINT NOT NULL,
    oldest_unpaid_day INTEGER,
    journal_number BIGINT NOT NULL,
    journal_hash BLOB NOT NULL,
    PRIMARY KEY (customer_id, contract_id)
) /*postgres: WITH (fillfactor = 85) */;

-- The day-end finds the day's contracts by this; a contract with nothing to come has NULL.
CREATE INDEX contract_by_action ON contract (next_action_day, customer_id, contract_id)
    WHERE next_action_day IS NOT NULL;

-- What the customer saw and confirmed; exact bytes. Never changed.
CREATE TABLE accepted_cost_table (
    customer_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    table_json TEXT NOT NULL,
    table_hash TEXT NOT NULL,
    read_ms BIGINT NOT NULL,
    accepted_us BIGINT NOT NULL,
    consent_version TEXT NOT NULL,
    PRIMARY KEY (customer_id, contract_id)
);

-- Facts, append-only: what happened to a contract, in the order in which we learned it.
CREATE TABLE contract_event (
    customer_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    sequence INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    event_day INTEGER NOT NULL,
    recorded_us BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (customer_id, contract_id, sequence)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE extension_request (
    customer_id BIGINT NOT NULL,
    request_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    instalment_number INTEGER NOT NULL,
    days INTEGER NOT NULL,
    cost_fen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    answer_by_us BIGINT,
    decided_us BIGINT,
    decided_by BIGINT NOT NULL,
    note TEXT,
    PRIMARY KEY (customer_id, request_id)
) /*sqlite: WITHOUT ROWID */;

-- The staff inbox: the oldest waiting request first.
CREATE INDEX extension_request_by_state ON extension_request (state, created_us, request_id);

-- Money that the shop gave back for goods; unique number within the order makes it repeatable.
CREATE TABLE goods_refund (
    customer_id BIGINT NOT NULL,
    refund_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    shop_refund_no TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    to_debt_fen BIGINT NOT NULL,
    to_customer_fen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    refunded_day INTEGER NOT NULL,
    created_us BIGINT NOT NULL,
    PRIMARY KEY (customer_id, refund_id),
    UNIQUE (customer_id, order_id, shop_refund_no)
);
