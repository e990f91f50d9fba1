/* copy.c: customers whose contracts are copies of a template. See copy.h. */
#include "copy.h"

#include "codec/session_token.h"
#include "service/apply_contract_event.h"
#include "service/find_or_create_customer.h"
#include "service/load_autopay.h"
#include "store/autopay.h"
#include "store/credit_balance.h"
#include "store/session.h"

static enum status copy_order(struct tx *tx, const struct template *template, int64_t number,
    int64_t customer_id, struct stored_contract *contract) {
    struct order order = *template->order;
    order.customer_id = customer_id;
    order.order_id = tx_new_id(tx, order.placed_at);
    order.contract_id = tx_new_id(tx, order.accepted_at);
    order.shop_order_no = arena_printf(tx_arena(tx), "B%010lld", (long long)number);
    order.checkout_token = arena_printf(tx_arena(tx), "%032lld", (long long)number);
    *contract = *template->contract->stored;
    contract->customer_id = customer_id;
    contract->contract_id = order.contract_id;
    contract->order_id = order.order_id;
    return order_insert(tx, &order);
}

/* The contract's row, what it was accepted on, its events. */
static enum status copy_contract(struct tx *tx, const struct copy_options *options,
    const struct template *template, const struct stored_contract *contract) {
    enum status status = stored_contract_insert(tx, contract);
    if (status == STATUS_OK && !options->lean)
        status =
            cost_table_insert(tx, contract->customer_id, contract->contract_id, template->table);
    for (size_t i = 0; status == STATUS_OK && i < template->event_count; i++) {
        struct stored_event event = template->events[i];
        event.customer_id = contract->customer_id;
        event.contract_id = contract->contract_id;
        status = stored_event_insert(tx, &event);
    }
    return status;
}

/* The entries again, in the copy's own chain of hashes; its end stands in the contract's row. */
static enum status copy_entries(
    struct tx *tx, const struct template *template, struct stored_contract *contract) {
    enum status status = STATUS_OK;
    contract->journal_end = (struct journal_end){0};
    for (size_t i = 0; status == STATUS_OK && i < template->entries.count; i++) {
        const struct journal_row *row = &template->entries.items[i];
        if (row->key.chain_id != template->contract->stored->contract_id)
            continue;
        struct entry entry = row->entry;
        entry.chain_id = contract->contract_id;
        status = journal_append(tx, contract->customer_id, &entry, contract->order_id,
            row->created_at, &contract->journal_end);
    }
    return status;
}

/* A credit balance, as money that came in and was nobody's becomes one. */
static enum status give_credit(
    struct tx *tx, const struct copy_options *options, int64_t customer_id) {
    struct entry entry;
    entry_begin(&entry, 0, 0, day_add(options->business_date, -1));
    entry_post(&entry, POSTING_RECEIVED_AS_GOODWILL, options->credit);
    entry_post(&entry, POSTING_OVERPAID, options->credit);
    struct credit_account account = {.balance = options->credit};
    enum status status =
        journal_append(tx, customer_id, &entry, customer_id, options->logged_in, &account.end);
    return status == STATUS_OK ? credit_account_save(tx, customer_id, &account) : status;
}

static enum status log_in(
    struct tx *tx, const struct copy_options *options, int64_t customer_id, struct copied *copied) {
    struct arena *arena = tx_arena(tx);
    struct session_token token = {
        .owner_id = customer_id, .session_id = tx_new_id(tx, options->logged_in)};
    tx_random(tx, token.secret, sizeof token.secret);
    uint8_t hash[SESSION_HASH_SIZE];
    session_token_hash(&token, hash);
    copied->cookie = session_token_write(&token, arena_allocate(arena, SESSION_TOKEN_TEXT_SIZE));
    copied->csrf = session_token_csrf(&token, arena_allocate(arena, CSRF_TOKEN_TEXT_SIZE));
    struct session session = {
        .owner_id = customer_id,
        .session_id = token.session_id,
        .secret_hash = {hash, sizeof hash},
        .created_at = options->logged_in,
        .last_seen_at = options->logged_in,
        .expires_at = options->session_end,
        .device = "Chrome · Android",
        .address_masked = "127.0.0.*",
    };
    return session_insert(tx, &session);
}

static enum status switch_autopay_on(
    struct tx *tx, const struct copy_options *options, int64_t customer_id) {
    struct mandate mandate = {
        .customer_id = customer_id,
        .mandate_id = tx_new_id(tx, options->logged_in),
        .enabled = true,
        .sources = "0",
        .consent_version = AUTOPAY_CONSENT_VERSION,
        .consent_text = autopay_consent_words().zh,
        .mode = CHANNEL_MODE_TEST,
        .created_at = options->logged_in,
    };
    struct autopay autopay = {
        .version = 1,
        .enabled = true,
        .sources = "0",
        .consent_version = AUTOPAY_CONSENT_VERSION,
        .consent_at = options->logged_in,
        .mandate_id = mandate.mandate_id,
    };
    enum status status = mandate_insert(tx, &mandate);
    return status == STATUS_OK ? autopay_save(tx, customer_id, &autopay) : status;
}

enum status copy_template(struct tx *tx, const struct copy_options *options,
    const struct template *template, int64_t number, bool autopay, struct copied *copied) {
    char phone[12];
    phone_of(number, phone);
    struct moment moment = {template->order->placed_at, options->business_date};
    struct customer customer;
    enum status status =
        find_or_create_customer(tx, moment, options->floor->vault, phone, "王小明", &customer);
    if (status != STATUS_OK)
        return status;
    struct stored_contract contract;
    status = copy_order(tx, template, number, customer.customer_id, &contract);
    if (status == STATUS_OK)
        status = copy_entries(tx, template, &contract);
    if (status == STATUS_OK)
        status = copy_contract(tx, options, template, &contract);
    if (status == STATUS_OK)
        status = give_credit(tx, options, customer.customer_id);
    if (status == STATUS_OK && autopay)
        status = switch_autopay_on(tx, options, customer.customer_id);
    copied->customer_id = customer.customer_id;
    copied->order_id = contract.order_id;
    copied->contract_id = contract.contract_id;
    return status == STATUS_OK ? log_in(tx, options, customer.customer_id, copied) : status;
}
