-- What every part of Fenqi stands on. Every table of a customer's data starts with customer_id.

-- Values that staff or the day-end change, one row a name: business_date, ...
CREATE TABLE setting (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
) /*sqlite: WITHOUT ROWID */;

-- One row an Idempotency-Key of one caller. scope: 1 customer, 2 shop, 3 staff; scope_id their id.
-- Written once, with the answer, as the last statement of the unit.
CREATE TABLE idempotency (
    scope_id BIGINT NOT NULL,
    scope INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    body_hash BLOB NOT NULL,
    created_at_us BIGINT NOT NULL,
    answer_status INTEGER NOT NULL,
    answer_body TEXT NOT NULL,
    PRIMARY KEY (scope_id, scope, idempotency_key)
);

-- What is to be done outside after the commit. lane: see enum outbox_lane; state: 0 waiting,
-- 1 done, 2 given up. Taking an item moves next_try_at to the end of the lease.
CREATE TABLE outbox (
    customer_id BIGINT NOT NULL,
    outbox_id BIGINT NOT NULL,
    lane INTEGER NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    state INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    created_at_us BIGINT NOT NULL,
    next_try_at_us BIGINT NOT NULL,
    last_error TEXT,
    PRIMARY KEY (customer_id, outbox_id)
) /*sqlite: WITHOUT ROWID */;

CREATE INDEX outbox_due ON outbox (lane, next_try_at_us) WHERE state = 0;

-- The last number given in a log that is appended to from everywhere (the one shared by all staff):
-- the row lock that keeps numbers without gaps. A customer's log needs none: its numbers follow the
-- last event.
CREATE TABLE event_log_end (
    user_id BIGINT NOT NULL,
    last_number BIGINT NOT NULL,
    PRIMARY KEY (user_id)
) /*sqlite: WITHOUT ROWID */;

-- What a user's open screens are told, in order, resumable by number. user_id is a customer_id or a
-- log shared by all staff. Old events are deleted, the last one of a log never. kind '': only holds
-- its number.
CREATE TABLE event_log (
    user_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (user_id, number)
);

-- Journal entries, chained by hash within one contract (contract_id 0: the customer's own chain;
-- customer_id 0 too: the platform's). number counts from 1 in each chain; source_id is what caused
-- the entry. lines is JSON, [[account, amount_fen], ...] in the order in which they are hashed:
-- account the code in spec/chart.tsv, debit positive, credit negative.
-- hash = SHA-256(hash of the entry before, customer_id, the entry's canonical bytes), see
-- store/journal.h.
CREATE TABLE journal_entry (
    customer_id BIGINT NOT NULL,
    contract_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    posted_day INTEGER NOT NULL,
    source_id BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    lines TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (customer_id, contract_id, number)
) /*sqlite: WITHOUT ROWID */;

-- The entries of a day in the order of recording, for the day's root: append-like, and on SQLite
-- with the hash, so that the root of a day reads nothing else.
CREATE INDEX journal_by_day ON journal_entry
    (posted_day, created_at_us, customer_id, contract_id, number /*sqlite: , hash */);

-- A signed root over the hashes of each closed day's entries, in the order of journal_by_day
-- (RFC 6962). signature: Ed25519 over day, entry_count, previous and root; previous covers the day
-- before in the same way (zeros: the first), see service/seal_day.h.
CREATE TABLE merkle_root (
    day INTEGER NOT NULL PRIMARY KEY,
    entry_count BIGINT NOT NULL,
    previous BLOB NOT NULL,
    root BLOB NOT NULL,
    signature BLOB NOT NULL,
    public_key BLOB NOT NULL,
    created_at_us BIGINT NOT NULL
);

-- The lines of all entries as rows, for reports: sums by account, by day, by contract.
-- (On SQLite without json_extract(), which a schema that is not trusted may not call.)
CREATE VIEW posting AS
SELECT e.customer_id, e.contract_id, e.number, e.posted_day, e.source_id,
    /*sqlite: l.key + 1 AS line, a.value AS account, m.value AS amount_fen
        FROM journal_entry e, json_each(e.lines) l, json_each(l.value) a, json_each(l.value) m
        WHERE a.key = 0 AND m.key = 1 */
    /*postgres: CAST(l.ordinality AS INTEGER) AS line,
        CAST(l.value ->> 0 AS INTEGER) AS account, CAST(l.value ->> 1 AS BIGINT) AS amount_fen
        FROM journal_entry e,
            jsonb_array_elements(CAST(e.lines AS JSONB)) WITH ORDINALITY AS l (value, ordinality) */;

-- Who did what to whose data. actor_kind: 1 customer, 2 shop, 3 staff, 4 the system itself.
CREATE TABLE audit (
    customer_id BIGINT NOT NULL,
    audit_id BIGINT NOT NULL,
    actor_kind INTEGER NOT NULL,
    actor_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (customer_id, audit_id)
) /*sqlite: WITHOUT ROWID */;

-- Notifications of payment channels exactly as they came, once each (dedupe_key is the channel's
-- own number of the notification). customer_id 0 when the message names nobody known.
CREATE TABLE channel_message (
    customer_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    received_at_us BIGINT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (customer_id, message_id),
    UNIQUE (customer_id, channel, dedupe_key)
) /*sqlite: WITHOUT ROWID */;
