/*
 * kind_ledger.c: transfers between two accounts and the balances after them, posted as entries of
 * our ledger. Exports: kind_ledger.
 *
 * Our ledger has a fixed chart, entries of business movements and their sums. It has no accounts
 * made at run time, no two-phase transfers, no limits, no ids of transfers: a case goes as far as
 * its operations are plain, and what follows the first other one is not expressible.
 *
 *     account ID [word…] : STATUS
 *     balance ID DEBITS CREDITS            what an account starts with
 *     transfer ID DEBIT CREDIT AMOUNT [word…] : STATUS
 *     expect_account ID DEBITS CREDITS [word…]
 *     other WHAT COUNT                     so many expectations about something else
 */
#include "kind.h"

#include "base/check.h"
#include "ledger/trial_balance.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 24 };

struct books {
    struct trial_balance balance;
    char names[ACCOUNT_COUNT][NAME_SIZE];
    char used[64][NAME_SIZE]; /* ids of transfers */
    int32_t name_count, used_count;
    int64_t sequence;
    const char *blocked; /* why nothing further can be said; NULL while all was plain */
};

/* The account of our chart that stands for a name; false when the chart is used up. */
static bool account_of(struct books *books, const char *name, enum account *out) {
    for (int32_t i = 0; i < books->name_count; i++) {
        if (strcmp(books->names[i], name) == 0) {
            *out = (enum account)i;
            return true;
        }
    }
    if (books->name_count == ACCOUNT_COUNT || strlen(name) >= NAME_SIZE)
        return false;
    memcpy(books->names[books->name_count], name, strlen(name) + 1);
    *out = (enum account)books->name_count++;
    return true;
}

static bool read_amount(const struct vector_line *line, int32_t n, struct money *out) {
    char text[32], *end;
    if (!vector_word(line, n, text, sizeof text))
        return false;
    const long long fen = strtoll(text, &end, 10);
    if (*end || fen < 0 || !money_in_range(fen))
        return false;
    *out = money_fen(fen);
    return true;
}

static bool used_before(struct books *books, const char *id) {
    for (int32_t i = 0; i < books->used_count; i++)
        if (strcmp(books->used[i], id) == 0)
            return true;
    check(books->used_count < 64 && strlen(id) < NAME_SIZE);
    memcpy(books->used[books->used_count++], id, strlen(id) + 1);
    return false;
}

/* Why a transfer is not a plain one, decided from its inputs; NULL when it is. */
static const char *not_plain(struct books *books, const struct vector_line *line) {
    char id[NAME_SIZE], debit[NAME_SIZE], credit[NAME_SIZE], word[64];
    struct money amount;
    if (!vector_word(line, 0, id, sizeof id) || !vector_word(line, 1, debit, sizeof debit) ||
        !vector_word(line, 2, credit, sizeof credit))
        return "a transfer without id or accounts";
    if (!read_amount(line, 3, &amount))
        return "an amount beyond 2^53 - 1";
    if (vector_word(line, 4, word, sizeof word) && strcmp(word, ":") != 0)
        return "two-phase, linked, balancing, closing and imported transfers";
    if (used_before(books, id))
        return "transfers are not known by an id: idempotency is the store's";
    if (strcmp(debit, credit) == 0)
        return "a transfer from an account to itself";
    return money_is_zero(amount) ? "an entry has no line of amount zero" : NULL;
}

/* Posts a plain transfer; false when the entry would not be one. */
static bool post(struct books *books, const struct vector_line *line) {
    char debit[NAME_SIZE], credit[NAME_SIZE];
    struct entry entry;
    struct money amount;
    enum account from, to;
    if (!vector_word(line, 1, debit, sizeof debit) ||
        !vector_word(line, 2, credit, sizeof credit) || !read_amount(line, 3, &amount) ||
        !account_of(books, debit, &from) || !account_of(books, credit, &to))
        return false;
    entry_begin(&entry, 1, ++books->sequence, day_from_civil(2026, 1, 1));
    entry.lines[0] = (struct entry_line){from, SIDE_DEBIT, amount};
    entry.lines[1] = (struct entry_line){to, SIDE_CREDIT, amount};
    entry.line_count = 2;
    if (!entry_balanced(&entry))
        return false;
    trial_balance_add(&books->balance, &entry);
    return true;
}

static void run_transfer(struct books *books, const struct vector_line *line, struct tally *tally) {
    const char *why = not_plain(books, line);
    if (why)
        books->blocked = why;
    if (books->blocked) {
        vector_not_expressible(tally, 1, books->blocked);
        return;
    }
    const char *status = strrchr(line->rest, ' ');
    if (post(books, line) && status && strcmp(status + 1, "created") == 0)
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "a plain transfer is posted, published is%s", status);
}

static void run_balance(struct books *books, const struct vector_line *line, struct tally *tally) {
    char name[NAME_SIZE], word[32];
    struct money debit, credit;
    enum account account;
    const bool known = vector_word(line, 0, name, sizeof name) && read_amount(line, 1, &debit) &&
                       read_amount(line, 2, &credit);
    if (books->blocked || !known || vector_word(line, 3, word, sizeof word) ||
        !account_of(books, name, &account)) {
        vector_not_expressible(tally, 1,
            books->blocked ? books->blocked
                           : "pending, closed or absent accounts, or beyond 2^53 - 1");
        return;
    }
    const struct money have_debit = books->balance.debit[account];
    const struct money have_credit = books->balance.credit[account];
    if (money_compare(have_debit, debit) == 0 && money_compare(have_credit, credit) == 0)
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "debits %lld credits %lld", (long long)have_debit.fen,
            (long long)have_credit.fen);
}

static void set_balance(struct books *books, const struct vector_line *line) {
    char name[NAME_SIZE], word[32];
    struct money debit, credit;
    enum account account;
    if (!vector_word(line, 0, name, sizeof name) || !read_amount(line, 1, &debit) ||
        !read_amount(line, 2, &credit) || vector_word(line, 3, word, sizeof word) ||
        !account_of(books, name, &account))
        books->blocked = "pending or huge balances at the start";
    else
        trial_balance_add_sums(&books->balance, account, debit, credit);
}

static void run(const struct vector_case *one, struct tally *tally) {
    struct books books = {0};
    for (int32_t i = 0; i < one->count; i++) {
        const struct vector_line *line = &one->lines[i];
        char count[16];
        if (strcmp(line->word, "account") == 0)
            vector_not_expressible(tally, 1, "accounts are those of the chart; none is made");
        else if (strcmp(line->word, "balance") == 0)
            set_balance(&books, line);
        else if (strcmp(line->word, "transfer") == 0)
            run_transfer(&books, line, tally);
        else if (strcmp(line->word, "expect_account") == 0)
            run_balance(&books, line, tally);
        else if (strcmp(line->word, "other") == 0 && vector_word(line, 1, count, sizeof count))
            vector_not_expressible(tally, (int32_t)strtol(count, NULL, 10),
                "queries over transfers, accounts and changes");
        else
            check(strcmp(line->word, "source") == 0);
    }
}

const struct vector_kind kind_ledger = {"ledger", run};
