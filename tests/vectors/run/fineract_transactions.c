/* fineract_transactions.c: lists of transactions held against a life. */
#include "fineract_tables.h"
#include "fineract_words.h"

#include "base/check.h"

#include <string.h>

/* As the tables call them; NULL: no row. */
static const char *name_of(enum transaction_kind kind) {
    static const char *const names[TRANSACTION_KIND_COUNT] = {
        [TRANSACTION_DISBURSEMENT] = "disbursement",
        [TRANSACTION_DOWN_PAYMENT] = "down_payment",
        [TRANSACTION_REPAYMENT] = "repayment",
        [TRANSACTION_GOODWILL] = "goodwill_credit",
        [TRANSACTION_MERCHANT_REFUND] = "merchant_issued_refund",
        [TRANSACTION_PAYOUT_REFUND] = "payout_refund",
        [TRANSACTION_INTEREST_WAIVER] = "interest_payment_waiver",
        [TRANSACTION_INTEREST_REFUND] = "interest_refund",
        [TRANSACTION_CHARGE_ADJUSTMENT] = "charge_adjustment",
        [TRANSACTION_CHARGEBACK] = "chargeback",
        [TRANSACTION_CREDIT_REFUND] = "credit_balance_refund",
        [TRANSACTION_CHARGE_OFF] = "charge-off",
        [TRANSACTION_TERMINATION] = "contract_termination",
        [TRANSACTION_RE_AMORTISE] = "re-amortize",
        [TRANSACTION_ACCRUAL] = "accrual",
        [TRANSACTION_ACCRUAL_ADJUSTMENT] = "accrual_adjustment",
        [TRANSACTION_ACCRUAL_ACTIVITY] = "accrual_activity",
    };
    return names[kind];
}

static struct money portion(const struct transaction *one, int32_t column) {
    static const enum component components[] = {
        COMPONENT_PRINCIPAL, COMPONENT_INTEREST, COMPONENT_FEE, COMPONENT_PENALTY};
    return one->kind == TRANSACTION_DISBURSEMENT ? MONEY_ZERO : one->portions[components[column]];
}

static struct money amount_of(const struct transaction *one) {
    if (one->kind != TRANSACTION_CHARGE_OFF && one->kind != TRANSACTION_TERMINATION &&
        one->kind != TRANSACTION_RE_AMORTISE)
        return one->amount;
    struct money sum = MONEY_ZERO;
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        sum = money_add(sum, one->portions[c]);
    return sum;
}

static bool has_balance(const struct transaction *one) {
    switch (one->kind) {
    case TRANSACTION_ACCRUAL:
    case TRANSACTION_ACCRUAL_ADJUSTMENT:
    case TRANSACTION_ACCRUAL_ACTIVITY:
    case TRANSACTION_CHARGE_OFF:
    case TRANSACTION_TERMINATION:
    case TRANSACTION_RE_AMORTISE:
        return false;
    case TRANSACTION_CREDIT_REFUND:
    case TRANSACTION_DISBURSEMENT:
    case TRANSACTION_DOWN_PAYMENT:
    case TRANSACTION_REPAYMENT:
    case TRANSACTION_GOODWILL:
    case TRANSACTION_MERCHANT_REFUND:
    case TRANSACTION_PAYOUT_REFUND:
    case TRANSACTION_INTEREST_WAIVER:
    case TRANSACTION_INTEREST_REFUND:
    case TRANSACTION_CHARGE_ADJUSTMENT:
    case TRANSACTION_CHARGEBACK:
    case TRANSACTION_CHARGE:
    case TRANSACTION_TERMS:
        return true;
    }
    check(!"a kind of transaction");
}

static bool money_is(const struct vector_line *line, int32_t n, struct money have) {
    struct money published;
    return !read_money(line, n, &published) || money_compare(published, have) == 0;
}

static bool has_word(const struct vector_line *line, const char *word) {
    for (int32_t n = 8; n < 11; n++)
        if (word_is(line, n, word))
            return true;
    return false;
}

static bool matches(const struct vector_line *line, const struct transaction *one, bool flagged) {
    struct day day;
    if (!read_day_or_none(line, 0, &day) || day_compare(day, one->day) != 0 ||
        !word_is(line, 1, name_of(one->kind)) || !money_is(line, 2, amount_of(one)))
        return false;
    for (int32_t column = 0; column < COMPONENT_COUNT; column++)
        if (!money_is(line, 3 + column, portion(one, column)))
            return false;
    if (!money_is(line, 7, has_balance(one) ? one->balance : MONEY_ZERO))
        return false;
    return !flagged || (has_word(line, "reverted") == one->reverted &&
                           has_word(line, "replayed") == one->replayed);
}

static const char *describe(struct life *life, const struct transaction *one) {
    char day[DAY_TEXT_SIZE], texts[6][MONEY_TEXT_SIZE];
    for (int32_t column = 0; column < COMPONENT_COUNT; column++)
        money_to_yuan(portion(one, column), texts[column]);
    return arena_printf(life->arena, "%s %s %s %s %s %s %s %s%s%s", day_to_text(one->day, day),
        name_of(one->kind), money_to_yuan(amount_of(one), texts[4]), texts[0], texts[1], texts[2],
        texts[3], money_to_yuan(has_balance(one) ? one->balance : MONEY_ZERO, texts[5]),
        one->reverted ? " reverted" : "", one->replayed ? " replayed" : "");
}

/* The first of ours that no published row took, for the message. */
static const char *not_taken(struct life *life, const bool *taken) {
    for (int32_t i = 0; i < life->count; i++)
        if (!taken[i] && name_of(life->transactions[i].kind))
            return describe(life, &life->transactions[i]);
    return "nothing more";
}

void table_transactions(struct life *life, const struct table *table, struct tally *tally) {
    if (life->stale) {
        vector_not_expressible(tally, 1, life->stale);
        return;
    }
    const bool flagged = !word_is(table->head, 1, "unflagged");
    bool *taken = ARENA_ARRAY(life->arena, LIFE_TRANSACTIONS_MAX, bool);
    int32_t rows = 0;
    for (int32_t i = 0; i < life->count; i++)
        rows += name_of(life->transactions[i].kind) != NULL;
    for (int32_t r = 0; r < table->count; r++) {
        int32_t found = -1;
        for (int32_t i = 0; i < life->count && found < 0; i++)
            if (!taken[i] && name_of(life->transactions[i].kind) &&
                matches(&table->rows[r], &life->transactions[i], flagged))
                found = i;
        if (found < 0) {
            vector_wrong(tally, &table->rows[r], "is not there: %s; ours: %s", table->rows[r].rest,
                not_taken(life, taken));
            return;
        }
        taken[found] = true;
    }
    if (rows != table->count)
        vector_wrong(tally, table->head, "a transaction too many: %s", not_taken(life, taken));
    else
        vector_reproduced(tally);
}
