/* journal.c: chained journal entries. Exports what journal.h declares. */
#include "store/journal.h"

#include "base/builder.h"
#include "base/check.h"
#include "store/statement.h"

#include <string.h>

enum { CODE_TEXT_SIZE = 12 };

static bool account_of(int32_t code, enum account *account) {
    char text[CODE_TEXT_SIZE] = {0};
    if (code < 1000 || code > 9999)
        return false;
    for (int i = 3; i >= 0; i--, code /= 10)
        text[i] = (char)('0' + code % 10);
    return account_by_code(text, account);
}

/* "[[1201,500000],[1001,-500000]]": what column lines holds. */
static const char *lines_text(struct arena *arena, const struct entry *entry) {
    struct builder text = builder_start(arena, 32 * ((size_t)entry->line_count + 1));
    for (int32_t i = 0; i < entry->line_count; i++) {
        const struct entry_line *line = &entry->lines[i];
        bool debit = line->side == SIDE_DEBIT;
        builder_add(&text, i == 0 ? "[[" : ",[");
        builder_add(&text, account_row(line->account)->code);
        builder_add(&text, ",");
        builder_add_integer(&text, debit ? line->amount.fen : -line->amount.fen);
        builder_add(&text, "]");
    }
    builder_add(&text, "]");
    return builder_text(&text);
}

/* Takes `wanted` from *at. */
static bool take(const char **at, char wanted) {
    bool found = **at == wanted;
    *at += found;
    return found;
}

/* An integer without leading zeros that fits money, as lines_text() writes it. */
static bool take_integer(const char **at, int64_t *value) {
    bool negative = take(at, '-');
    const char *start = *at;
    int64_t sum = 0;
    for (; **at >= '0' && **at <= '9' && *at - start < 17; (*at)++)
        sum = sum * 10 + (**at - '0');
    *value = negative ? -sum : sum;
    return *at > start && *start != '0' && sum <= MONEY_MAX_FEN;
}

static bool take_line(const char **at, struct entry_line *line) {
    int64_t code, amount;
    if (!take(at, '[') || !take_integer(at, &code) || !take(at, ',') ||
        !take_integer(at, &amount) || !take(at, ']') || !account_of((int32_t)code, &line->account))
        return false;
    line->side = amount < 0 ? SIDE_CREDIT : SIDE_DEBIT;
    line->amount = money_fen(amount < 0 ? -amount : amount);
    return true;
}

/* Takes exactly what lines_text() makes. */
static bool read_lines(const char *text, struct entry *entry) {
    const char *at = text;
    if (at == NULL || !take(&at, '['))
        return false;
    do {
        if (entry->line_count == ENTRY_LINES_MAX ||
            !take_line(&at, &entry->lines[entry->line_count]))
            return false;
        entry->line_count++;
    } while (take(&at, ','));
    return take(&at, ']') && *at == '\0';
}

enum status journal_append(struct tx *tx, int64_t customer_id, struct entry *entry,
    int64_t source_id, struct instant now, struct journal_end *end) {
    check(entry_balanced(entry));
    entry->sequence = end->number + 1;
    journal_end_follow(end, customer_id, entry);
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_INSERT);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, entry->chain_id);
    statement_bind_integer(statement, 3, entry->sequence);
    statement_bind_day(statement, 4, entry->day);
    statement_bind_integer(statement, 5, source_id);
    statement_bind_instant(statement, 6, now);
    statement_bind_text(statement, 7, lines_text(tx_arena(tx), entry));
    statement_bind_bytes(statement, 8, (struct bytes){end->hash, sizeof end->hash});
    return statement_run(statement);
}

static void read_row(struct statement *statement, struct journal_row *row) {
    row->key.customer_id = statement_integer(statement, 0);
    row->key.chain_id = statement_integer(statement, 1);
    row->key.number = statement_integer(statement, 2);
    entry_begin(&row->entry, row->key.chain_id, row->key.number, statement_day(statement, 3));
    row->source_id = statement_integer(statement, 4);
    row->created_at = statement_instant(statement, 5);
    row->readable = read_lines(statement_text(statement, 6), &row->entry);
    row->hash = statement_bytes(statement, 7);
}

enum status journal_walk(
    struct tx *tx, struct journal_key after, int32_t limit, struct journal_list *list) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_WALK);
    statement_bind_integer(statement, 1, after.customer_id);
    statement_bind_integer(statement, 2, after.chain_id);
    statement_bind_integer(statement, 3, after.number);
    statement_bind_integer(statement, 4, limit);
    list->items = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct journal_row);
    list->count = 0;
    while (list->count < (size_t)limit && statement_step(statement))
        read_row(statement, &list->items[list->count++]);
    return statement_end(statement);
}

enum status journal_of_range(
    struct tx *tx, struct customer_range range, journal_visit visit, void *context) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_OF_RANGE);
    customer_range_bind(statement, range);
    while (statement_step(statement)) {
        struct journal_row row;
        read_row(statement, &row);
        visit(context, &row);
    }
    return statement_end(statement);
}

void journal_end_follow(struct journal_end *end, int64_t customer_id, const struct entry *entry) {
    uint8_t canonical[ENTRY_BYTES_MAX], head[SHA256_SIZE + 8];
    struct bytes bytes = {canonical, entry_bytes(entry, canonical, sizeof canonical)};
    memcpy(head, end->hash, SHA256_SIZE);
    for (int i = 0; i < 8; i++)
        head[SHA256_SIZE + i] = (uint8_t)((uint64_t)customer_id >> (56 - 8 * i));
    sha256_two((struct bytes){head, sizeof head}, bytes, end->hash);
    end->number = entry->sequence;
}

bool journal_row_follows(const struct journal_row *row, struct journal_end *end) {
    struct journal_end next = *end;
    bool sound = row->readable && entry_balanced(&row->entry) && row->hash.length == SHA256_SIZE &&
                 row->key.number == end->number + 1;
    if (row->readable)
        journal_end_follow(&next, row->key.customer_id, &row->entry);
    sound = sound && memcmp(row->hash.at, next.hash, SHA256_SIZE) == 0;
    end->number = row->key.number;
    if (row->hash.length == SHA256_SIZE)
        memcpy(end->hash, row->hash.at, SHA256_SIZE);
    return sound;
}

bool journal_key_is(const struct journal_key *a, const struct journal_key *b) {
    return a->customer_id == b->customer_id && a->chain_id == b->chain_id && a->number == b->number;
}

bool journal_end_is(const struct journal_end *a, const struct journal_end *b) {
    return a->number == b->number && memcmp(a->hash, b->hash, SHA256_SIZE) == 0;
}

void journal_end_bind(struct statement *statement, int number, const struct journal_end *end) {
    statement_bind_integer(statement, number, end->number);
    statement_bind_bytes(statement, number + 1, (struct bytes){end->hash, sizeof end->hash});
}

void journal_end_read(struct statement *statement, int column, struct journal_end *end) {
    struct bytes hash = statement_bytes(statement, column + 1);
    *end = (struct journal_end){.number = statement_integer(statement, column)};
    if (hash.length == sizeof end->hash)
        memcpy(end->hash, hash.at, sizeof end->hash);
}

/* Adds up the entries whose lines stand in `column` of a statement, and ends it. */
static enum status add_up(
    struct tx *tx, struct statement *statement, int column, struct trial_balance *balance) {
    bool sound = true;
    *balance = (struct trial_balance){0};
    while (statement_step(statement)) {
        struct entry entry;
        entry_begin(&entry, 0, 0, DAY_NONE);
        sound = sound && read_lines(statement_text(statement, column), &entry) &&
                entry_balanced(&entry);
        if (sound)
            trial_balance_add(balance, &entry);
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !sound)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "an entry has lines that cannot be");
    return status;
}

enum status journal_trial_balance(struct tx *tx, struct trial_balance *balance) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_WALK);
    for (int number = 1; number <= 3; number++)
        statement_bind_integer(statement, number, INT64_MIN);
    statement_bind_integer(statement, 4, INT64_MAX);
    return add_up(tx, statement, 6, balance);
}

enum status journal_of_day(struct tx *tx, struct day day, const struct journal_leaf *after,
    int32_t limit, struct journal_leaf **leaves, size_t *count) {
    bool sound = true;
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_OF_DAY);
    statement_bind_day(statement, 1, day);
    statement_bind_integer(statement, 2, after->created_at.us);
    statement_bind_integer(statement, 3, after->key.customer_id);
    statement_bind_integer(statement, 4, after->key.chain_id);
    statement_bind_integer(statement, 5, after->key.number);
    statement_bind_integer(statement, 6, limit);
    *leaves = arena_room(tx_arena(tx), (size_t)limit * sizeof **leaves);
    *count = 0;
    while (*count < (size_t)limit && statement_step(statement)) {
        struct journal_leaf *leaf = &(*leaves)[(*count)++];
        leaf->created_at = statement_instant(statement, 0);
        leaf->key = (struct journal_key){statement_integer(statement, 1),
            statement_integer(statement, 2), statement_integer(statement, 3)};
        struct bytes hash = statement_bytes(statement, 4);
        sound = sound && hash.length == SHA256_SIZE;
        if (sound)
            memcpy(leaf->hash, hash.at, SHA256_SIZE);
    }
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !sound)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "a journal entry without a hash");
    return status;
}

enum status journal_first_day(struct tx *tx, struct day *day) {
    struct statement *statement = statement_start(tx, QUERY_JOURNAL_FIRST_DAY);
    statement_bind_integer(statement, 1, INT32_MIN + 1);
    *day = statement_step(statement) ? statement_day(statement, 0) : DAY_NONE;
    return statement_end(statement);
}
