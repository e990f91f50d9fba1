/* journal.c: chained journal entries. Exports what journal.h declares. */
#include "store/journal.h"

#include "base/check.h"
#include "store/statement.h"

#include <stdlib.h>
#include <string.h>

enum { CODE_TEXT_SIZE = 12 };

static int32_t code_of(enum account account) {
    return (int32_t)strtol(account_row(account)->code, NULL, 10);
}

static bool account_of(int32_t code, enum account *account) {
    char text[CODE_TEXT_SIZE] = {0};
    if (code < 1000 || code > 9999)
        return false;
    for (int i = 3; i >= 0; i--, code /= 10)
        text[i] = (char)('0' + code % 10);
    return account_by_code(text, account);
}

static void hash_entry(
    struct bytes previous, int64_t customer_id, struct bytes canonical, uint8_t hash[SHA256_SIZE]) {
    uint8_t head[SHA256_SIZE + 8];
    check(previous.length == SHA256_SIZE);
    memcpy(head, previous.at, SHA256_SIZE);
    for (int i = 0; i < 8; i++)
        head[SHA256_SIZE + i] = (uint8_t)((uint64_t)customer_id >> (56 - 8 * i));
    sha256_two((struct bytes){head, sizeof head}, canonical, hash);
}

/* The end of a chain: its last number and hash, 0 and zeros when it is empty. */
static enum status load_end(
    struct tx *tx, int64_t customer_id, int64_t chain_id, int64_t *number, struct bytes *hash) {
    static const uint8_t zeros[SHA256_SIZE];
    *number = 0;
    *hash = (struct bytes){zeros, SHA256_SIZE};
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_END);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, chain_id);
    if (statement_step(statement)) {
        *number = statement_integer(statement, 0);
        *hash = statement_bytes(statement, 1);
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && hash->length != SHA256_SIZE)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "journal hash of %zu bytes", hash->length);
    return status;
}

static enum status insert_line(
    struct tx *tx, int64_t customer_id, const struct entry *entry, int32_t line) {
    const struct entry_line *item = &entry->lines[line];
    bool debit = item->side == SIDE_DEBIT;
    struct statement *statement = statement_start(tx, QUERY_POSTING_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, entry->chain_id);
    statement_bind_integer(statement, 3, entry->sequence);
    statement_bind_integer(statement, 4, line + 1);
    statement_bind_integer(statement, 5, code_of(item->account));
    statement_bind_money(statement, 6, debit ? item->amount : money_negate(item->amount));
    return statement_run(statement);
}

enum status journal_append(struct tx *tx, int64_t customer_id, struct entry *entry,
    int64_t source_id, struct instant now) {
    check(entry_balanced(entry));
    int64_t last;
    struct bytes previous;
    enum status status = load_end(tx, customer_id, entry->chain_id, &last, &previous);
    if (status != STATUS_OK)
        return status;
    entry->sequence = last + 1;
    uint8_t canonical[ENTRY_BYTES_MAX], hash[SHA256_SIZE];
    struct bytes bytes = {canonical, entry_bytes(entry, canonical, sizeof canonical)};
    hash_entry(previous, customer_id, bytes, hash);
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, entry->chain_id);
    statement_bind_integer(statement, 3, entry->sequence);
    statement_bind_day(statement, 4, entry->day);
    statement_bind_integer(statement, 5, source_id);
    statement_bind_integer(statement, 6, now.us);
    statement_bind_bytes(statement, 7, bytes);
    statement_bind_bytes(statement, 8, previous);
    statement_bind_bytes(statement, 9, (struct bytes){hash, sizeof hash});
    status = statement_run(statement);
    for (int32_t line = 0; status == STATUS_OK && line < entry->line_count; line++)
        status = insert_line(tx, customer_id, entry, line);
    return status;
}

static void read_head(struct statement *statement, struct journal_row *row) {
    row->key.customer_id = statement_integer(statement, 0);
    row->key.chain_id = statement_integer(statement, 1);
    row->key.number = statement_integer(statement, 2);
    entry_begin(&row->entry, row->key.chain_id, row->key.number, statement_day(statement, 3));
    row->source_id = statement_integer(statement, 4);
    row->created_at = statement_instant(statement, 5);
    row->canonical = statement_bytes(statement, 6);
    row->previous_hash = statement_bytes(statement, 7);
    row->hash = statement_bytes(statement, 8);
}

/* Fills in the lines of one entry. */
static enum status load_lines(struct tx *tx, struct journal_row *row) {
    struct entry *entry = &row->entry;
    bool sound = true;
    struct statement *statement = statement_start(tx, QUERY_POSTING_OF_ENTRY);
    statement_bind_integer(statement, 1, row->key.customer_id);
    statement_bind_integer(statement, 2, row->key.chain_id);
    statement_bind_integer(statement, 3, row->key.number);
    while (statement_step(statement)) {
        struct entry_line line = {0};
        struct money amount = statement_money(statement, 1);
        sound = sound && entry->line_count < ENTRY_LINES_MAX &&
                account_of(statement_integer32(statement, 0), &line.account);
        if (!sound)
            continue;
        line.side = money_is_negative(amount) ? SIDE_CREDIT : SIDE_DEBIT;
        line.amount = money_is_negative(amount) ? money_negate(amount) : amount;
        entry->lines[entry->line_count++] = line;
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !sound)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT,
            "journal entry %lld/%lld/%lld has lines that cannot be",
            (long long)row->key.customer_id, (long long)row->key.chain_id,
            (long long)row->key.number);
    return status;
}

/* Steps through a query of heads, ends it, then loads the lines of each. */
static enum status load_rows(
    struct tx *tx, struct statement *statement, int32_t limit, struct journal_list *list) {
    list->items = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct journal_row);
    list->count = 0;
    while (list->count < (size_t)limit && statement_step(statement))
        read_head(statement, &list->items[list->count++]);
    enum status status = statement_end(statement);
    for (size_t i = 0; status == STATUS_OK && i < list->count; i++)
        status = load_lines(tx, &list->items[i]);
    return status;
}

enum status journal_of_chain(struct tx *tx, int64_t customer_id, int64_t chain_id, int64_t after,
    int32_t limit, struct journal_list *list) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_OF_CHAIN);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, chain_id);
    statement_bind_integer(statement, 3, after);
    statement_bind_integer(statement, 4, limit);
    return load_rows(tx, statement, limit, list);
}

enum status journal_walk(
    struct tx *tx, struct journal_key after, int32_t limit, struct journal_list *list) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_WALK);
    statement_bind_integer(statement, 1, after.customer_id);
    statement_bind_integer(statement, 2, after.chain_id);
    statement_bind_integer(statement, 3, after.number);
    statement_bind_integer(statement, 4, limit);
    return load_rows(tx, statement, limit, list);
}

bool journal_row_is_sound(const struct journal_row *row, struct bytes previous) {
    if (!entry_balanced(&row->entry) || !bytes_equal(row->previous_hash, previous) ||
        previous.length != SHA256_SIZE)
        return false;
    uint8_t canonical[ENTRY_BYTES_MAX], hash[SHA256_SIZE];
    struct bytes bytes = {canonical, entry_bytes(&row->entry, canonical, sizeof canonical)};
    hash_entry(previous, row->key.customer_id, bytes, hash);
    return bytes_equal(row->canonical, bytes) &&
           bytes_equal(row->hash, (struct bytes){hash, sizeof hash});
}

/* Rows of account, debits, credits. */
static enum status read_sums(
    struct tx *tx, struct statement *statement, struct trial_balance *balance) {
    bool known = true;
    *balance = (struct trial_balance){0};
    while (statement_step(statement)) {
        enum account account;
        known = known && account_of(statement_integer32(statement, 0), &account);
        if (known)
            trial_balance_add_sums(
                balance, account, statement_money(statement, 1), statement_money(statement, 2));
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !known)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "a posting names an unknown account");
    return status;
}

enum status journal_of_source(
    struct tx *tx, int64_t customer_id, int64_t source_id, struct trial_balance *balance) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_OF_SOURCE);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, source_id);
    return read_sums(tx, statement, balance);
}

enum status journal_trial_balance(struct tx *tx, struct trial_balance *balance) {
    return read_sums(tx, statement_start(tx, QUERY_POSTING_SUMS), balance);
}
