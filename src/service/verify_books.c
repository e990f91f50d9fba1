/*
 * verify_books.c: journal and credit balances of a range of customers. See verify_books.h.
 */
#include "service/verify_books.h"

#include "service/books_check.h"

#include <inttypes.h>
#include <stdlib.h>

/* Where the walk over the entries stands. */
struct walk {
    struct check *check;
    struct credit_row *credits;
    size_t credit_count, credit_at; /* the next one that no customer was compared with */
    struct journal_key key;         /* the entry before */
    bool begun;
    struct chain_sums own;   /* of the customer's own chain */
    struct chain_sums *sums; /* of the chain under way: its contract's or own; NULL: of nothing */
    struct journal_end end;
    int64_t credit, clearing; /* of the customer, fen */
};

/* ---- a customer's end ---- */

static void compare_credit(
    const struct walk *walk, int64_t customer_id, const struct credit_account *account) {
    if (account->balance.fen != walk->credit)
        differ(walk->check,
            "customer %" PRId64 ": credit balance %" PRId64 ", but the journal says %" PRId64,
            customer_id, account->balance.fen, walk->credit);
    /* The platform's own chain has no row that could say where it ends. */
    if (customer_id != 0 && !journal_end_is(&account->end, &walk->own.end))
        differ(walk->check,
            "customer %" PRId64 ": own chain ends with entry %" PRId64
            ", but the credit balance says %" PRId64 "%s",
            customer_id, walk->own.end.number, account->end.number,
            account->end.number == walk->own.end.number ? " with another hash" : "");
    if (walk->clearing != 0)
        differ(walk->check,
            "customer %" PRId64 ": %" PRId64 " fen are left in the clearing account for payments",
            customer_id, walk->clearing);
}

/* Credit balances of customers before this one had no entry at all. */
static void end_customer(struct walk *walk, int64_t customer_id) {
    static const struct credit_account none;
    const struct walk nothing = {.check = walk->check};
    while (walk->credit_at < walk->credit_count &&
           walk->credits[walk->credit_at].customer_id < customer_id) {
        const struct credit_row *row = &walk->credits[walk->credit_at++];
        compare_credit(&nothing, row->customer_id, &row->account);
    }
    bool has = walk->credit_at < walk->credit_count &&
               walk->credits[walk->credit_at].customer_id == customer_id;
    compare_credit(walk, customer_id, has ? &walk->credits[walk->credit_at].account : &none);
    walk->credit_at += has;
    walk->credit = walk->clearing = 0;
    walk->own = (struct chain_sums){0};
}

/* ---- entries ---- */

static void end_chain(struct walk *walk) {
    if (walk->sums != NULL)
        walk->sums->end = walk->end;
}

static void begin_chain(struct walk *walk, const struct journal_key *key) {
    struct check *check = walk->check;
    walk->end = (struct journal_end){0};
    walk->sums = &walk->own;
    check->page->report.chains++;
    if (key->chain_id == 0)
        return;
    size_t place = contract_place(check, key->customer_id, key->chain_id);
    walk->sums = place < check->contract_count ? &check->sums[place] : NULL;
    if (walk->sums == NULL)
        differ(check, "customer %" PRId64 ": entries of contract %" PRId64 ", which is not there",
            key->customer_id, key->chain_id);
}

/* Notes what the entry moved: by account for its chain, of two accounts for its source. */
static void add_up(struct walk *walk, const struct journal_row *row) {
    struct check *check = walk->check;
    struct source_sums sums = {.customer_id = row->key.customer_id, .source_id = row->source_id};
    for (int32_t i = 0; i < row->entry.line_count; i++) {
        const struct entry_line *line = &row->entry.lines[i];
        bool debit = line->side == SIDE_DEBIT;
        int64_t moved = debit ? line->amount.fen : -line->amount.fen;
        int64_t *side = debit ? &check->page->report.debits : &check->page->report.credits;
        *side = plus(*side, line->amount.fen);
        if (walk->sums != NULL)
            walk->sums->net[line->account] = plus(walk->sums->net[line->account], moved);
        if (line->account == ACCOUNT_CUSTOMER_CREDIT)
            sums.credit += moved;
        else if (line->account == ACCOUNT_CHANNEL_RECEIVABLE)
            sums.channel += moved;
        else if (line->account == ACCOUNT_PAYMENT_CLEARING)
            walk->clearing = plus(walk->clearing, moved);
    }
    walk->credit = plus(walk->credit, -sums.credit);
    if (sums.channel == 0 && sums.credit == 0)
        return;
    check->sources = arena_grow(tx_arena(check->tx), check->sources, check->source_count,
        &check->source_room, sizeof *check->sources);
    check->sources[check->source_count++] = sums;
}

static void take_entry(void *context, const struct journal_row *row) {
    struct walk *walk = context;
    struct check *check = walk->check;
    bool same_customer = walk->begun && row->key.customer_id == walk->key.customer_id;
    bool same_chain = same_customer && row->key.chain_id == walk->key.chain_id;
    if (!same_chain)
        end_chain(walk);
    if (walk->begun && !same_customer)
        end_customer(walk, walk->key.customer_id);
    if (!same_chain)
        begin_chain(walk, &row->key);
    check->page->report.entries++;
    if (row->key.number != walk->end.number + 1)
        differ(check, "%s: entry %" PRId64 " is missing",
            chain_name(check, row->key.customer_id, row->key.chain_id).text, walk->end.number + 1);
    if (!journal_row_follows(row, &walk->end))
        differ(check,
            "%s: entry %" PRId64 " is not what was recorded: its lines, day or hash were changed",
            chain_name(check, row->key.customer_id, row->key.chain_id).text, row->key.number);
    if (row->readable)
        add_up(walk, row);
    walk->key = row->key;
    walk->begun = true;
}

static int by_source(const void *a, const void *b) {
    const struct source_sums *left = a, *right = b;
    if (left->customer_id != right->customer_id)
        return left->customer_id < right->customer_id ? -1 : 1;
    return (left->source_id > right->source_id) - (left->source_id < right->source_id);
}

/* One row a source, in order. */
static void join_sources(struct check *check) {
    size_t count = 0;
    if (check->source_count > 1)
        qsort(check->sources, check->source_count, sizeof *check->sources, by_source);
    for (size_t i = 0; i < check->source_count; i++) {
        const struct source_sums *more = &check->sources[i];
        if (count == 0 || by_source(&check->sources[count - 1], more) != 0) {
            check->sources[count++] = *more;
            continue;
        }
        struct source_sums *sum = &check->sources[count - 1];
        sum->channel = plus(sum->channel, more->channel);
        sum->credit = plus(sum->credit, more->credit);
    }
    check->source_count = count;
}

enum status verify_journal(struct check *check, struct customer_range range) {
    struct walk walk = {.check = check};
    check->sums = ARENA_ARRAY(tx_arena(check->tx), check->contract_count + 1, struct chain_sums);
    enum status status =
        credit_account_of_range(check->tx, range, &walk.credits, &walk.credit_count);
    if (status == STATUS_OK)
        status = journal_of_range(check->tx, range, take_entry, &walk);
    if (status != STATUS_OK)
        return status;
    end_chain(&walk);
    if (walk.begun)
        end_customer(&walk, walk.key.customer_id);
    const struct walk nothing = {.check = check};
    for (; walk.credit_at < walk.credit_count; walk.credit_at++)
        compare_credit(&nothing, walk.credits[walk.credit_at].customer_id,
            &walk.credits[walk.credit_at].account);
    for (size_t i = 0; i < check->contract_count; i++) {
        const struct journal_end *said = &check->contracts[i].journal_end;
        const struct journal_end *end = &check->sums[i].end;
        if (!journal_end_is(said, end))
            differ(check,
                "%s: its chain ends with entry %" PRId64 ", but the contract says %" PRId64 "%s",
                contract_name(&check->contracts[i]).text, end->number, said->number,
                said->number == end->number ? " with another hash" : "");
    }
    join_sources(check);
    return STATUS_OK;
}

/* ---- everything ---- */

enum status verify_customers(
    struct tx *tx, struct customer_range range, enum books_scope scope, struct books_page *page) {
    struct check check;
    check_start(&check, tx, page);
    enum status status =
        stored_contract_of_range(tx, range, &check.contracts, &check.contract_count);
    if (status == STATUS_OK)
        status = stored_event_of_range(tx, range, &check.events, &check.event_count);
    if (status == STATUS_OK && scope >= BOOKS_JOURNAL)
        status = verify_journal(&check, range);
    if (status == STATUS_OK && scope == BOOKS_ALL)
        status = verify_payments(&check, range);
    return status == STATUS_OK ? verify_derived(&check, scope >= BOOKS_JOURNAL) : status;
}
