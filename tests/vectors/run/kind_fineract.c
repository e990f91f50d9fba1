/*
 * kind_fineract.c: loans lived event by event, their published tables held against our engine.
 * Exports: kind_fineract.
 *
 * Lines of a case: conventions of the loan (fineract_loan.c), operations (fineract_ops.c), and
 * tables: "schedule N" with N rows "r …", "totals …", "transactions N [unflagged]" with rows
 * "t …", "journal KIND DAY" with rows "j ACCOUNT SIDE AMOUNT"; and the single figures
 * "outstanding", "overpaid" and "status". Each of them is one expectation. The columns are told in
 * tools/dev/vectors/_fineract.py and fineract_scenarios.py.
 */
#include "fineract_tables.h"
#include "fineract_words.h"

#include "base/check.h"

struct table_kind {
    const char *word;
    const char *row; /* the word that begins its rows; NULL: none */
    void (*compare)(struct life *life, const struct table *table, struct tally *tally);
};

static const struct table_kind table_kinds[] = {
    {"schedule", "r", table_schedule},
    {"totals", NULL, table_totals},
    {"transactions", "t", table_transactions},
    {"journal", "j", table_journal},
    {"outstanding", NULL, table_outstanding},
    {"overpaid", NULL, table_overpaid},
    {"status", NULL, table_status},
};

static const struct table_kind *table_kind_of(const struct vector_line *line) {
    for (size_t i = 0; i < sizeof table_kinds / sizeof table_kinds[0]; i++)
        if (line_is(line, table_kinds[i].word))
            return &table_kinds[i];
    return NULL;
}

/* Before the first drawdown tables show what is expected: a life in which it has happened. */
static struct life *plan_ahead(struct life *life) {
    struct life *plan = life_new(life->arena);
    plan->loan = life->loan;
    plan->approved = life->approved;
    plan->as_of = plan->today = life->expected;
    if (!plan->loan.stated)
        plan->missing = "a loan whose product is not stated";
    else if (!fineract_loan_terms(&plan->loan, life->expected, life->loan.terms.principal))
        plan->missing = plan->loan.missing;
    struct transaction *one =
        life_add(plan, TRANSACTION_DISBURSEMENT, life->expected, life->loan.terms.principal);
    one->has_event = true;
    one->event =
        (struct contract_event){.kind = EVENT_ACTIVATED, .day = one->day, .amount = one->amount};
    return plan;
}

static void compare(struct life *life, const struct table_kind *kind, const struct table *table,
    struct tally *tally) {
    struct life *shown = life->drawn || life->missing ? life : plan_ahead(life);
    if (life_run(shown, DAY_NONE))
        kind->compare(shown, table, tally);
    else
        vector_not_expressible(tally, 1, shown->missing);
}

static void run(const struct vector_case *one, struct tally *tally) {
    struct life *life = life_new(one->arena);
    for (int32_t i = 0; i < one->count; i++) {
        const struct vector_line *line = &one->lines[i];
        const struct table_kind *kind = table_kind_of(line);
        if (!kind) {
            life_do(life, line);
            continue;
        }
        struct table table = {.head = line, .rows = line + 1};
        while (kind->row && i + 1 < one->count && line_is(&one->lines[i + 1], kind->row)) {
            table.count++;
            i++;
        }
        compare(life, kind, &table, tally);
    }
}

const struct vector_kind kind_fineract = {"fineract", run};
