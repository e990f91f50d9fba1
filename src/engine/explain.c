/* explain.c: the lines that make a figure. Exports what explain.h declares. R-0076. */
#include "engine/explain.h"

#include "base/check.h"
#include "engine/life.h"
#include "engine/replan.h"
#include "engine/schedule.h"

static void add(struct explanation *explanation, struct explain_line line) {
    if (money_is_zero(line.amount))
        return;
    check(explanation->count < EXPLAIN_LINES_MAX);
    explanation->lines[explanation->count++] = line;
    explanation->total = money_add(explanation->total, line.amount);
}

static void clear(struct explanation *explanation) {
    explanation->total = MONEY_ZERO;
    explanation->count = 0;
}

static struct money sum(const struct money parts[COMPONENT_COUNT]) {
    struct money total = MONEY_ZERO;
    for (int c = 0; c < COMPONENT_COUNT; c++)
        total = money_add(total, parts[c]);
    return total;
}

static struct money opening_balance(const struct contract_state *state, int32_t i) {
    struct money balance = MONEY_ZERO;
    for (; i < state->instalment_count; i++)
        balance = money_add(balance, state->instalments[i].charged[COMPONENT_PRINCIPAL]);
    return balance;
}

static void add_interest(const struct terms *terms, const struct contract_state *state, int32_t i,
    struct explanation *explanation) {
    const struct instalment *instalment = &state->instalments[i];
    struct money elsewhere =
        money_add(instalment->moved_interest, instalment->charged_back[COMPONENT_INTEREST]);
    struct period period = instalment_period(terms, state, i);
    bool month = terms->day_basis == DAY_BASIS_BY_MONTH && !period.by_days;
    add(explanation,
        (struct explain_line){
            .kind = month ? EXPLAIN_INTEREST_MONTH : EXPLAIN_INTEREST_DAYS,
            .instalment = i + 1,
            .base = opening_balance(state, i),
            .rate = contract_rate(state, period.start),
            .days = month ? 0 : days_between(period.start, period.end),
            .amount = money_subtract(instalment->charged[COMPONENT_INTEREST], elsewhere),
        });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_INTEREST_MOVED,
                         .instalment = i + 1,
                         .amount = elsewhere,
                     });
}

static void add_fees(const struct terms *terms, const struct instalment *instalment, int32_t number,
    struct explanation *explanation) {
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_FEE,
                         .instalment = number,
                         .base = terms->principal,
                         .rate = terms->period_fee_rate,
                         .amount = money_subtract(instalment->charged[COMPONENT_FEE],
                             money_add(instalment->extension_fee, instalment->added_fee)),
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_ADDED_FEE,
                         .instalment = number,
                         .amount = instalment->added_fee,
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_EXTENSION_FEE,
                         .instalment = number,
                         .rate = terms->extension.daily_rate,
                         .days = days_between(instalment->scheduled_day, instalment->due_day),
                         .amount = instalment->extension_fee,
                     });
}

/* Penalty from before the base last changed stands apart, so that base × rate × days is true. */
static void add_penalty(const struct terms *terms, const struct contract_state *state,
    int32_t number, struct explanation *explanation) {
    const struct instalment *instalment = &state->instalments[number - 1];
    struct money raw = penalty_raw(terms, instalment->penalty_base_days);
    struct money before = penalty_raw(terms, instalment->penalty_mark_base_days);
    struct money base = penalty_base(terms, instalment);
    int64_t base_days = instalment->penalty_base_days - instalment->penalty_mark_base_days;
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_PENALTY_BEFORE,
                         .instalment = number,
                         .rate = penalty_rate(terms),
                         .amount = before,
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_PENALTY,
                         .instalment = number,
                         .base = base,
                         .rate = penalty_rate(terms),
                         .days = money_is_zero(base) ? 0 : (int32_t)(base_days / base.fen),
                         .amount = money_subtract(raw, before),
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_LATE_FEE,
                         .instalment = number,
                         .amount = instalment->late_fee,
                     });
    struct money compound = penalty_compound(terms, instalment->compound_base_days);
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_PENALTY_COMPOUND,
                         .instalment = number,
                         .rate = terms->penalty.compound_rate,
                         .amount = compound,
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_ADDED_PENALTY,
                         .instalment = number,
                         .amount = instalment->added_penalty,
                     });
    struct money computed = money_add(
        money_add(raw, compound), money_add(instalment->late_fee, instalment->added_penalty));
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_PENALTY_CAPPED,
                         .instalment = number,
                         .rate = state->all_in_cap,
                         .amount = money_subtract(instalment->charged[COMPONENT_PENALTY], computed),
                     });
}

void explain_instalment(const struct terms *terms, const struct contract_state *state,
    struct day day, int32_t number, struct explanation *explanation) {
    clear(explanation);
    struct contract_state then;
    state_on(terms, state, day, &then);
    check(number >= 1 && number <= then.instalment_count);
    const struct instalment *instalment = &then.instalments[number - 1];
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_PRINCIPAL,
                         .instalment = number,
                         .amount = instalment->charged[COMPONENT_PRINCIPAL],
                     });
    add_interest(terms, &then, number - 1, explanation);
    add_fees(terms, instalment, number, explanation);
    add_penalty(terms, &then, number, explanation);
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_WAIVED,
                         .instalment = number,
                         .amount = money_negate(sum(instalment->waived)),
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_PAID,
                         .instalment = number,
                         .amount = money_negate(sum(instalment->paid)),
                     });
    check(money_compare(explanation->total, instalment_left(instalment)) == 0);
}

/* What of settling falls into a kind, summed over instalments. */
struct settle_sums {
    struct money interest_past;
    struct money interest_running;
    struct money interest_early;
    struct money fee_past;
    struct money fee_running;
    struct money fee_early;
    int32_t running;      /* number of the instalment whose period runs; 0 none */
    int32_t running_days; /* of it so far */
};

static void sum_line(
    const struct contract_state *state, const struct settle_line *line, struct settle_sums *sums) {
    int32_t i = line->instalment - 1;
    int32_t elapsed = days_between(state->instalments[i].period_start, state->day);
    struct money interest = line->owed[COMPONENT_INTEREST];
    struct money fee = line->owed[COMPONENT_FEE];
    if (day_compare(state->instalments[i].scheduled_day, state->day) <= 0) {
        sums->interest_past = money_add(sums->interest_past, interest);
        sums->fee_past = money_add(sums->fee_past, fee);
    } else if (elapsed > 0) {
        sums->interest_running = money_add(sums->interest_running, interest);
        sums->fee_running = money_add(sums->fee_running, fee);
        sums->running = line->instalment;
        sums->running_days = elapsed;
    } else {
        sums->interest_early = money_add(sums->interest_early, interest);
        sums->fee_early = money_add(sums->fee_early, fee);
    }
}

void explain_settle(const struct terms *terms, const struct contract_state *state, struct day day,
    struct explanation *explanation) {
    clear(explanation);
    struct contract_state then;
    state_on(terms, state, day, &then);
    struct settle_quote quote;
    quote_settle(terms, &then, then.day, &quote);
    struct settle_sums sums = {0};
    for (int32_t i = 0; i < quote.count; i++)
        sum_line(&then, &quote.lines[i], &sums);
    struct money interest = MONEY_ZERO;
    struct money fee = MONEY_ZERO;
    if (sums.running > 0) {
        interest = then.instalments[sums.running - 1].charged[COMPONENT_INTEREST];
        fee = then.instalments[sums.running - 1].charged[COMPONENT_FEE];
    }
    const struct explain_line lines[] = {
        {.kind = EXPLAIN_PRINCIPAL, .amount = quote.principal},
        {.kind = EXPLAIN_INTEREST_PAST, .amount = sums.interest_past},
        {EXPLAIN_INTEREST_TO_DATE, sums.running, interest, terms->annual_rate, sums.running_days,
            sums.interest_running},
        {.kind = EXPLAIN_EARLY_INTEREST, .amount = sums.interest_early},
        {.kind = EXPLAIN_FEE_PAST, .amount = sums.fee_past},
        {EXPLAIN_FEE_TO_DATE, sums.running, fee, terms->period_fee_rate, sums.running_days,
            sums.fee_running},
        {.kind = EXPLAIN_EARLY_FEE, .amount = sums.fee_early},
        {.kind = EXPLAIN_PENALTY_TOTAL, .amount = quote.penalty},
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        add(explanation, lines[i]);
    check(money_compare(explanation->total, quote.total) == 0);
}

void explain_extension(const struct terms *terms, const struct contract_state *state,
    struct day day, int32_t number, int32_t days, struct explanation *explanation) {
    clear(explanation);
    struct extension_quote quote;
    quote_extension(terms, state, day, number, days, &quote);
    if (quote.refusal != CONTRACT_OK)
        return;
    struct money fixed = money_min(quote.cost, terms->extension.fee);
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_EXTENSION_FEE,
                         .instalment = number,
                         .amount = fixed,
                     });
    add(explanation, (struct explain_line){
                         .kind = EXPLAIN_EXTENSION_FEE,
                         .instalment = number,
                         .base = quote.left,
                         .rate = terms->extension.daily_rate,
                         .days = quote.days_gained,
                         .amount = money_subtract(quote.cost, fixed),
                     });
}

const char *explain_kind_name(enum explain_kind kind) {
    static const char *const names[EXPLAIN_KIND_COUNT] = {
        [EXPLAIN_PRINCIPAL] = "principal",
        [EXPLAIN_INTEREST_MONTH] = "interest_month",
        [EXPLAIN_INTEREST_DAYS] = "interest_days",
        [EXPLAIN_FEE] = "fee",
        [EXPLAIN_PENALTY] = "penalty",
        [EXPLAIN_PENALTY_BEFORE] = "penalty_before",
        [EXPLAIN_LATE_FEE] = "late_fee",
        [EXPLAIN_PENALTY_CAPPED] = "penalty_capped",
        [EXPLAIN_EXTENSION_FEE] = "extension_fee",
        [EXPLAIN_INTEREST_MOVED] = "interest_moved",
        [EXPLAIN_ADDED_FEE] = "added_fee",
        [EXPLAIN_PENALTY_COMPOUND] = "penalty_compound",
        [EXPLAIN_ADDED_PENALTY] = "added_penalty",
        [EXPLAIN_PAID] = "paid",
        [EXPLAIN_WAIVED] = "waived",
        [EXPLAIN_INTEREST_PAST] = "interest_past",
        [EXPLAIN_INTEREST_TO_DATE] = "interest_to_date",
        [EXPLAIN_EARLY_INTEREST] = "early_interest",
        [EXPLAIN_FEE_PAST] = "fee_past",
        [EXPLAIN_FEE_TO_DATE] = "fee_to_date",
        [EXPLAIN_EARLY_FEE] = "early_fee",
        [EXPLAIN_PENALTY_TOTAL] = "penalty_total",
    };
    check((unsigned)kind < EXPLAIN_KIND_COUNT);
    return names[kind];
}
