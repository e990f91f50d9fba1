-- Notices to customers and their conversations with staff. See note.md.

CREATE TABLE notice (
    customer_id BIGINT NOT NULL,
    notice_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_zh TEXT NOT NULL,
    body_en TEXT NOT NULL,
    target TEXT NOT NULL,
    order_id BIGINT NOT NULL DEFAULT 0,
    payment_id BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    read_at BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (customer_id, notice_id)
);

CREATE TABLE conversation (
    customer_id BIGINT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    waiting_since BIGINT NOT NULL DEFAULT 0,
    staff_id BIGINT NOT NULL DEFAULT 0,
    order_id BIGINT NOT NULL DEFAULT 0,
    last_number BIGINT NOT NULL DEFAULT 0,
    read_by_customer BIGINT NOT NULL DEFAULT 0,
    read_by_staff BIGINT NOT NULL DEFAULT 0,
    updated_at BIGINT NOT NULL
);

CREATE INDEX conversation_open ON conversation (waiting_since, customer_id)
    WHERE state = 'waiting';
CREATE INDEX conversation_recent ON conversation (updated_at, customer_id);

CREATE TABLE chat_message (
    customer_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    client_id TEXT,
    sender TEXT NOT NULL,
    staff_id BIGINT NOT NULL DEFAULT 0,
    note INTEGER NOT NULL DEFAULT 0,
    text_sealed BLOB NOT NULL,
    order_id BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, number)
) /*sqlite: WITHOUT ROWID */;

CREATE UNIQUE INDEX chat_message_client ON chat_message (customer_id, sender, client_id);
