-- Customers, how they log in, and staff. See note.md.

CREATE TABLE customer (
    customer_id BIGINT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    key_sealed BLOB NOT NULL,
    phone_sealed BLOB NOT NULL,
    phone_masked TEXT NOT NULL,
    name_sealed BLOB,
    name_masked TEXT,
    password_hash TEXT,
    failed_logins INTEGER NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0,
    terms_version TEXT,
    terms_accepted_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE phone_directory (
    phone_hash BLOB NOT NULL PRIMARY KEY,
    customer_id BIGINT NOT NULL
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE one_time_code (
    phone_hash BLOB NOT NULL,
    purpose TEXT NOT NULL,
    code_hash BLOB NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    sent_day INTEGER NOT NULL,
    sent_count INTEGER NOT NULL,
    PRIMARY KEY (phone_hash, purpose)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE session (
    customer_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    device TEXT NOT NULL,
    address_masked TEXT NOT NULL,
    PRIMARY KEY (customer_id, session_id)
) /*sqlite: WITHOUT ROWID */;

CREATE TABLE staff (
    staff_id BIGINT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    totp_sealed BLOB,
    totp_last_step BIGINT NOT NULL DEFAULT 0,
    failed_logins INTEGER NOT NULL DEFAULT 0,
    locked_until BIGINT NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE staff_session (
    staff_id BIGINT NOT NULL,
    session_id BIGINT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (staff_id, session_id)
) /*sqlite: WITHOUT ROWID */;

-- A customer's own money with Fenqi: account customer_credit of the journal, kept as one number,
-- and the end of the customer's own chain of journal entries.
CREATE TABLE credit_balance (
    customer_id BIGINT NOT NULL PRIMARY KEY,
    balance_fen BIGINT NOT NULL,
    journal_number BIGINT NOT NULL,
    journal_hash BLOB NOT NULL
);
