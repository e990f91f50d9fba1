/*
 * fineract_journal.c: journal entries of a transaction held against our movements. The published
 * accounts stand for ours; lines on one account and side are added up.
 */
#include "fineract_tables.h"
#include "fineract_words.h"

#include "base/check.h"

#include <string.h>

#define PRINCIPAL_RECEIVABLE "112601"
#define INTEREST_RECEIVABLE "112603"
#define CLEARING "145023"
#define INTEREST_INCOME "404000"
#define FEE_INCOME "404007"
#define INTEREST_LOSS "404001"
#define FEE_LOSS "404008"
#define CHARGE_OFF_LOSS "744007"
#define FRAUD_LOSS "744037"
#define RECOVERY "744008"
#define GOODWILL "744003"
#define OVERPAYMENT "l1"

struct account_pair {
    const char *debit; /* NULL: the other half stands in another movement */
    const char *credit;
};

/* A movement between the published accounts. */
static struct account_pair accounts_of(enum movement movement) {
    static const struct account_pair pairs[MOVEMENT_COUNT] = {
        [MOVEMENT_PRINCIPAL_LENT] = {PRINCIPAL_RECEIVABLE, CLEARING},
        [MOVEMENT_RECEIVED_FROM_CHANNEL] = {CLEARING, NULL},
        [MOVEMENT_RECEIVED_FROM_CREDIT] = {CLEARING, NULL},
        [MOVEMENT_RECEIVED_AS_GOODWILL] = {GOODWILL, NULL},
        [MOVEMENT_RECEIVED_FROM_SHOP] = {CLEARING, NULL},
        [MOVEMENT_INTEREST_GIVEN_BACK] = {INTEREST_INCOME, NULL},
        [MOVEMENT_CHARGE_GIVEN_BACK] = {FEE_INCOME, NULL},
        [MOVEMENT_PRINCIPAL_PAID] = {NULL, PRINCIPAL_RECEIVABLE},
        [MOVEMENT_INTEREST_PAID] = {NULL, INTEREST_RECEIVABLE},
        [MOVEMENT_FEE_PAID] = {NULL, INTEREST_RECEIVABLE},
        [MOVEMENT_PENALTY_PAID] = {NULL, INTEREST_RECEIVABLE},
        [MOVEMENT_RECOVERED] = {NULL, RECOVERY},
        [MOVEMENT_OVERPAID] = {NULL, OVERPAYMENT},
        [MOVEMENT_PRINCIPAL_CHARGED_BACK] = {PRINCIPAL_RECEIVABLE, CLEARING},
        [MOVEMENT_INTEREST_CHARGED_BACK] = {INTEREST_RECEIVABLE, CLEARING},
        [MOVEMENT_FEE_CHARGED_BACK] = {INTEREST_RECEIVABLE, CLEARING},
        [MOVEMENT_PENALTY_CHARGED_BACK] = {INTEREST_RECEIVABLE, CLEARING},
        [MOVEMENT_PRINCIPAL_CHARGED_OFF] = {CHARGE_OFF_LOSS, PRINCIPAL_RECEIVABLE},
        [MOVEMENT_INTEREST_CHARGED_OFF] = {INTEREST_LOSS, INTEREST_RECEIVABLE},
        [MOVEMENT_FEE_CHARGED_OFF] = {FEE_LOSS, INTEREST_RECEIVABLE},
    };
    return pairs[movement];
}

enum { JOURNAL_ACCOUNTS_MAX = 16 };

struct journal {
    int32_t count;
    struct {
        const char *account;
        int64_t debit, credit;
    } sums[JOURNAL_ACCOUNTS_MAX];
};

static void post(struct journal *journal, const char *account, bool debit, int64_t fen) {
    if (!account || fen == 0)
        return;
    int32_t i = 0;
    while (i < journal->count && strcmp(journal->sums[i].account, account) != 0)
        i++;
    check(i < JOURNAL_ACCOUNTS_MAX);
    if (i == journal->count) {
        journal->sums[journal->count++].account = account;
        journal->sums[i].debit = journal->sums[i].credit = 0;
    }
    if (debit)
        journal->sums[i].debit += fen;
    else
        journal->sums[i].credit += fen;
}

static void post_both(struct journal *journal, struct account_pair pair, int64_t fen, bool undone) {
    if (fen < 0)
        pair = (struct account_pair){pair.credit, pair.debit};
    fen = fen < 0 ? -fen : fen;
    post(journal, pair.debit, true, fen);
    post(journal, pair.credit, false, fen);
    if (undone) {
        post(journal, pair.debit, false, fen);
        post(journal, pair.credit, true, fen);
    }
}

/* Income and loss of the day belong to accrual rows, not to the payment beside them. */
static bool of_accrual(enum movement movement) {
    return movement == MOVEMENT_INTEREST_RECOGNISED || movement == MOVEMENT_FEE_RECOGNISED;
}

/* Owed again and paid at once from what was overpaid: the debt itself does not move. */
static void post_credit(struct journal *journal, const struct transaction *one) {
    post(journal, OVERPAYMENT, true, one->from_credit.fen);
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        post(journal, c == COMPONENT_PRINCIPAL ? PRINCIPAL_RECEIVABLE : INTEREST_RECEIVABLE, true,
            -one->credit_parts[c].fen);
}

/* Penalties are an asset there, so the components and not our movements tell the lines. */
static void post_charge_off(struct journal *journal, const struct transaction *one) {
    const struct money *portions = one->portions;
    post_both(journal,
        (struct account_pair){one->fraud ? FRAUD_LOSS : CHARGE_OFF_LOSS, PRINCIPAL_RECEIVABLE},
        portions[COMPONENT_PRINCIPAL].fen, one->reverted);
    post_both(journal, (struct account_pair){INTEREST_LOSS, INTEREST_RECEIVABLE},
        portions[COMPONENT_INTEREST].fen, one->reverted);
    post_both(journal, (struct account_pair){FEE_LOSS, INTEREST_RECEIVABLE},
        portions[COMPONENT_FEE].fen + portions[COMPONENT_PENALTY].fen, one->reverted);
}

/* A refund after the charge-off takes the loss back instead of being a recovery. */
static void post_loss_back(struct journal *journal, const struct transaction *one) {
    const struct money *portions = one->portions;
    post_both(journal, (struct account_pair){CLEARING, one->fraud ? FRAUD_LOSS : CHARGE_OFF_LOSS},
        portions[COMPONENT_PRINCIPAL].fen, one->reverted);
    post_both(journal, (struct account_pair){CLEARING, INTEREST_LOSS},
        portions[COMPONENT_INTEREST].fen, one->reverted);
    post_both(journal, (struct account_pair){CLEARING, FEE_LOSS},
        portions[COMPONENT_FEE].fen + portions[COMPONENT_PENALTY].fen, one->reverted);
    post_both(
        journal, (struct account_pair){CLEARING, OVERPAYMENT}, one->overpaid.fen, one->reverted);
}

/* And what goes back after it is a loss at once. */
static void post_loss_again(struct journal *journal, const struct transaction *one) {
    const struct money *portions = one->portions;
    post_both(journal, (struct account_pair){one->fraud ? FRAUD_LOSS : CHARGE_OFF_LOSS, CLEARING},
        portions[COMPONENT_PRINCIPAL].fen, one->reverted);
    post_both(journal, (struct account_pair){INTEREST_LOSS, CLEARING},
        portions[COMPONENT_INTEREST].fen, one->reverted);
    post_both(journal, (struct account_pair){FEE_LOSS, CLEARING},
        portions[COMPONENT_FEE].fen + portions[COMPONENT_PENALTY].fen, one->reverted);
}

/* What a goodwill pays is an expense by component, or a recovery after the charge-off. */
static void post_goodwill(struct journal *journal, const struct transaction *one) {
    const struct money *portions = one->portions;
    const bool recovery = one->after_charge_off;
    post_both(journal, (struct account_pair){GOODWILL, recovery ? RECOVERY : PRINCIPAL_RECEIVABLE},
        portions[COMPONENT_PRINCIPAL].fen, one->reverted);
    post_both(journal,
        (struct account_pair){INTEREST_LOSS, recovery ? RECOVERY : INTEREST_RECEIVABLE},
        portions[COMPONENT_INTEREST].fen, one->reverted);
    post_both(journal, (struct account_pair){FEE_LOSS, recovery ? RECOVERY : INTEREST_RECEIVABLE},
        portions[COMPONENT_FEE].fen + portions[COMPONENT_PENALTY].fen, one->reverted);
    post_both(
        journal, (struct account_pair){GOODWILL, OVERPAYMENT}, one->overpaid.fen, one->reverted);
}

static void post_transaction(struct journal *journal, const struct transaction *one) {
    if (one->kind == TRANSACTION_CHARGE_OFF) {
        post_charge_off(journal, one);
        return;
    }
    if (one->kind == TRANSACTION_ACCRUAL || one->kind == TRANSACTION_ACCRUAL_ADJUSTMENT) {
        const int sign = one->kind == TRANSACTION_ACCRUAL ? 1 : -1;
        const struct account_pair interest = {INTEREST_RECEIVABLE, INTEREST_INCOME};
        const struct account_pair charge = {INTEREST_RECEIVABLE, FEE_INCOME};
        post_both(journal, interest, sign * one->portions[COMPONENT_INTEREST].fen, one->reverted);
        post_both(journal, charge,
            sign * (one->portions[COMPONENT_FEE].fen + one->portions[COMPONENT_PENALTY].fen),
            one->reverted);
        return;
    }
    if (one->kind == TRANSACTION_GOODWILL) {
        post_goodwill(journal, one);
        return;
    }
    if (one->kind == TRANSACTION_CHARGEBACK && money_compare(one->from_credit, one->amount) == 0 &&
        money_is_zero(one->credit_parts[COMPONENT_PRINCIPAL])) {
        post_both(
            journal, (struct account_pair){OVERPAYMENT, CLEARING}, one->amount.fen, one->reverted);
        return;
    }
    if (one->kind == TRANSACTION_CREDIT_REFUND) {
        post_both(journal, (struct account_pair){OVERPAYMENT, CLEARING}, one->from_credit.fen,
            one->reverted);
        post_both(journal,
            (struct account_pair){
                one->after_charge_off ? CHARGE_OFF_LOSS : PRINCIPAL_RECEIVABLE, CLEARING},
            one->portions[COMPONENT_PRINCIPAL].fen, one->reverted);
        return;
    }
    if (one->after_charge_off && one->kind == TRANSACTION_CHARGEBACK) {
        post_loss_again(journal, one);
        return;
    }
    post_credit(journal, one);
    if (one->after_charge_off && one->kind == TRANSACTION_INTEREST_WAIVER) {
        post_both(journal, (struct account_pair){INTEREST_INCOME, INTEREST_LOSS}, one->amount.fen,
            one->reverted);
        return;
    }
    if (one->after_charge_off &&
        (one->kind == TRANSACTION_MERCHANT_REFUND || one->kind == TRANSACTION_PAYOUT_REFUND)) {
        post_loss_back(journal, one);
        return;
    }
    for (int32_t i = 0; i < one->movement_count; i++)
        if (!of_accrual(one->movements[i].movement))
            post_both(journal, accounts_of(one->movements[i].movement),
                one->movements[i].amount.fen, one->reverted);
}

static bool kind_named(const struct vector_line *head, enum transaction_kind *out) {
    static const struct {
        const char *word;
        enum transaction_kind kind;
    } kinds[] = {{"disbursement", TRANSACTION_DISBURSEMENT}, {"repayment", TRANSACTION_REPAYMENT},
        {"down_payment", TRANSACTION_DOWN_PAYMENT}, {"goodwill_credit", TRANSACTION_GOODWILL},
        {"merchant_issued_refund", TRANSACTION_MERCHANT_REFUND},
        {"payout_refund", TRANSACTION_PAYOUT_REFUND},
        {"interest_payment_waiver", TRANSACTION_INTEREST_WAIVER},
        {"charge_adjustment", TRANSACTION_CHARGE_ADJUSTMENT},
        {"chargeback", TRANSACTION_CHARGEBACK},
        {"credit_balance_refund", TRANSACTION_CREDIT_REFUND},
        {"charge_off", TRANSACTION_CHARGE_OFF}, {"accrual", TRANSACTION_ACCRUAL},
        {"accrual_adjustment", TRANSACTION_ACCRUAL_ADJUSTMENT}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (word_is(head, 0, kinds[i].word)) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static bool agrees(const struct journal *published, const struct journal *own) {
    int32_t empty = 0;
    for (int32_t k = 0; k < own->count; k++)
        empty += own->sums[k].debit == 0 && own->sums[k].credit == 0;
    if (published->count != own->count - empty)
        return false;
    for (int32_t i = 0; i < published->count; i++) {
        bool found = false;
        for (int32_t k = 0; k < own->count; k++)
            found = found || (strcmp(published->sums[i].account, own->sums[k].account) == 0 &&
                                 published->sums[i].debit == own->sums[k].debit &&
                                 published->sums[i].credit == own->sums[k].credit);
        if (!found)
            return false;
    }
    return true;
}

static void read_journal(struct life *life, const struct table *table, struct journal *journal) {
    for (int32_t i = 0; i < table->count; i++) {
        char account[32];
        struct money amount;
        check(vector_word(&table->rows[i], 0, account, sizeof account) &&
              read_money(&table->rows[i], 2, &amount));
        post(journal, arena_text(life->arena, account), word_is(&table->rows[i], 1, "debit"),
            amount.fen);
    }
}

static const char *describe(struct life *life, const struct journal *journal) {
    const char *text = "";
    for (int32_t i = 0; i < journal->count; i++)
        text = arena_printf(life->arena, "%s %s D%lld C%lld", text, journal->sums[i].account,
            (long long)journal->sums[i].debit, (long long)journal->sums[i].credit);
    return text;
}

void table_journal(struct life *life, const struct table *table, struct tally *tally) {
    enum transaction_kind kind;
    struct day day;
    if (!kind_named(table->head, &kind)) {
        vector_not_expressible(tally, 1, "the journal of a transaction that we have not");
        return;
    }
    check(read_day_or_none(table->head, 1, &day));
    struct journal published = {0}, own = {0};
    read_journal(life, table, &published);
    struct journal together = {0};
    bool found = false;
    for (int32_t i = 0; i < life->count; i++) {
        const struct transaction *one = &life->transactions[i];
        if (one->kind != kind || day_compare(one->day, day) != 0)
            continue;
        own = (struct journal){0};
        post_transaction(&own, one);
        post_transaction(&together, one);
        found = true;
        if (agrees(&published, &own)) {
            vector_reproduced(tally);
            return;
        }
    }
    if (agrees(&published, &together)) /* several on one day stand in one table */
        vector_reproduced(tally);
    else
        vector_wrong(tally, table->head, found ? "ours is%s" : "no such transaction%s",
            describe(life, &together));
}
