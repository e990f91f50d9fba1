/*
 * fineract_accrual.c: rows for what was earned. Exports life_close_day(), life_book_to(),
 * life_after_event().
 *
 * A close of business on day D closes D - 1 and, when days were closed before, every day since.
 * Closing a day books what interest and charges have been earned up to it and were not booked yet,
 * in one row; less than was booked is an adjustment. A loan that is paid off, charged off or
 * called in books the rest at once.
 */
#include "fineract_life.h"

static bool has_payment(const struct life *life) {
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].has_event &&
            life->transactions[i].event.kind == EVENT_PAYMENT_SETTLED)
            return true;
    return false;
}

/* Sums what accrual rows have booked of a component. */
static struct money booked(const struct life *life, enum component component) {
    int64_t sum = 0;
    for (int32_t i = 0; i < life->count; i++) {
        const struct transaction *one = &life->transactions[i];
        if (one->reverted)
            continue;
        if (one->kind == TRANSACTION_ACCRUAL)
            sum += one->portions[component].fen;
        else if (one->kind == TRANSACTION_ACCRUAL_ADJUSTMENT)
            sum -= one->portions[component].fen;
    }
    return money_fen(sum);
}

static struct money charges_due(const struct life *life, bool penalty, struct day day) {
    int64_t sum = 0;
    for (int32_t i = 0; i < life->charge_count; i++)
        if (life->charges[i].penalty == penalty &&
            day_compare(
                life->charges_by_submitted ? life->charges[i].submitted : life->charges[i].due,
                day) <= 0)
            sum += life->charges[i].amount.fen;
    return money_fen(sum);
}

static void book(struct life *life, struct day day, const struct money earned[COMPONENT_COUNT]) {
    struct money portions[COMPONENT_COUNT] = {0};
    int64_t total = 0;
    for (int32_t c = 0; c < COMPONENT_COUNT; c++) {
        portions[c] = money_subtract(earned[c], booked(life, (enum component)c));
        total += portions[c].fen;
    }
    if (total == 0)
        return;
    struct transaction *row =
        life_add(life, total > 0 ? TRANSACTION_ACCRUAL : TRANSACTION_ACCRUAL_ADJUSTMENT, day,
            money_fen(total > 0 ? total : -total));
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        row->portions[c] = total > 0 ? portions[c] : money_negate(portions[c]);
}

/* The day itself counts when interest runs from the drawdown day. */
void life_book_to(struct life *life, struct day day) {
    if (!life_run(life, day))
        return;
    struct money earned[COMPONENT_COUNT] = {0};
    earned[COMPONENT_INTEREST] =
        life_interest_earned(life, life->loan.from_drawdown ? day_add(day, 1) : day);
    earned[COMPONENT_FEE] = charges_due(life, false, day);
    earned[COMPONENT_PENALTY] = charges_due(life, true, day);
    book(life, day, earned);
}

void life_book_interest_to(struct life *life, struct day day) {
    if (!life_run(life, day))
        return;
    struct money earned[COMPONENT_COUNT] = {0};
    for (int32_t c = COMPONENT_PENALTY; c <= COMPONENT_FEE; c++)
        earned[c] = booked(life, (enum component)c);
    earned[COMPONENT_INTEREST] = life_interest_earned(life, day);
    book(life, day, earned);
}

void life_book_late_charge(struct life *life, bool penalty, struct day due, struct money amount) {
    struct money earned[COMPONENT_COUNT] = {0};
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        if (life->state->instalments[i].kind == INSTALMENT_REGULAR &&
            day_compare(life->state->instalments[i].scheduled_day, due) >= 0)
            return;
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        earned[c] = booked(life, (enum component)c);
    const enum component component = penalty ? COMPONENT_PENALTY : COMPONENT_FEE;
    earned[component] = money_add(earned[component], amount);
    book(life, life->today, earned);
}

static struct money summarised(const struct life *life, enum component component) {
    int64_t sum = 0;
    for (int32_t i = 0; i < life->count; i++) {
        const struct transaction *one = &life->transactions[i];
        if (one->kind == TRANSACTION_ACCRUAL_ACTIVITY && !one->reverted)
            sum += one->portions[component].fen;
    }
    return money_fen(sum);
}

static void summarise(
    struct life *life, struct day day, const struct money portions[COMPONENT_COUNT]) {
    int64_t total = 0;
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        total += portions[c].fen;
    if (total <= 0)
        return;
    struct transaction *row = life_add(life, TRANSACTION_ACCRUAL_ACTIVITY, day, money_fen(total));
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        row->portions[c] = portions[c];
}

/* Summaries of the instalments that fell due up to a day and have none. */
static void summarise_due(struct life *life, struct day day, bool closing) {
    if (!life->loan.accrual_activity || !life_run(life, DAY_NONE))
        return;
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (one->kind != INSTALMENT_REGULAR || day_compare(one->due_day, day) > 0 ||
            (!day_is_none(life->summarised_to) &&
                day_compare(one->due_day, life->summarised_to) <= 0))
            continue;
        const struct money portions[COMPONENT_COUNT] = {
            [COMPONENT_PENALTY] = one->charged[COMPONENT_PENALTY],
            [COMPONENT_FEE] = one->charged[COMPONENT_FEE],
            [COMPONENT_INTEREST] = one->charged[COMPONENT_INTEREST]};
        if (!closing && day_compare(one->due_day, day) < 0)
            life->stale = "summaries of accruals of days that were never closed";
        summarise(life, one->due_day, portions);
    }
    life->summarised_to = day;
}

static bool is_leap_change(struct day from, struct day to) {
    const int32_t first = day_to_civil(from).year, second = day_to_civil(to).year;
    return first != second && is_leap_year(first) != is_leap_year(second);
}

/* Why rows of accruals from this day on follow other rules than ours; NULL when they do not. */
static const char *other_accruals(struct life *life, struct day day) {
    const struct terms *terms = &life->loan.terms;
    const bool actual = terms->day_basis == DAY_BASIS_ACT_ACT_YEAR_END ||
                        terms->day_basis == DAY_BASIS_ACT_ACT_ISDA;
    bool paid = false, coming = false;
    if (terms->annual_rate.per_billion == 0 || !life_run(life, DAY_NONE))
        return NULL;
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (one->kind != INSTALMENT_REGULAR || day_compare(one->scheduled_day, day) < 0)
            continue;
        coming = true;
        paid = paid || (money_is_positive(one->paid[COMPONENT_INTEREST]) &&
                           day_compare(one->scheduled_day, day) > 0);
        if (actual && day_compare(one->period_start, day) <= 0 &&
            is_leap_change(one->period_start, one->scheduled_day))
            return "accruals within a period over two years of different length";
    }
    if (!coming)
        return "accruals after the last due day";
    if (paid && terms->interest_on == INTEREST_ON_PLAN)
        return "accruals of interest that was paid before it was earned";
    return NULL;
}

static void close_one(struct life *life, struct day day) {
    if (day_compare(day, life->loan.terms.start_day) < 0 || life->closed || life->charged_off)
        return;
    if (!life->stale)
        life->stale = other_accruals(life, day);
    life_book_to(life, day);
    summarise_due(life, day, false);
}

void life_close_day(struct life *life, const struct vector_line *line) {
    (void)line;
    const struct day last = day_add(life->today, -1);
    struct day day = day_is_none(life->closed_to) ? last : day_add(life->closed_to, 1);
    const bool later = life->drawn && day_compare(life->today, life->as_of) > 0;
    for (; life->drawn && day_compare(day, last) <= 0; day = day_add(day, 1)) {
        if (later)
            life->as_of = day_add(day, 1);
        close_one(life, day);
    }
    if (later)
        life->as_of = life->today;
    life->closed_to = last;
}

/* All that the loan charges, when it ends. */
static void book_everything(struct life *life, struct day day) {
    struct money earned[COMPONENT_COUNT] = {0}, rest[COMPONENT_COUNT] = {0};
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        for (int32_t c = COMPONENT_PENALTY; c <= COMPONENT_INTEREST; c++)
            earned[c] = money_add(earned[c], money_subtract(life->state->instalments[i].charged[c],
                                                 life->state->instalments[i].waived[c]));
    book(life, life->today, earned);
    if (!life->loan.accrual_activity)
        return;
    summarise_due(life, day_add(day, -1), true);
    for (int32_t c = COMPONENT_PENALTY; c <= COMPONENT_INTEREST; c++)
        rest[c] = money_subtract(earned[c], summarised(life, (enum component)c));
    summarise(life, day, rest);
}

/* An event before the day of the end changes what was earned by then. */
static void rebook_ended(struct life *life) {
    struct money earned[COMPONENT_COUNT] = {0};
    if (!life_run(life, DAY_NONE))
        return;
    for (int32_t c = COMPONENT_PENALTY; c <= COMPONENT_FEE; c++)
        earned[c] = booked(life, (enum component)c);
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        earned[COMPONENT_INTEREST] = money_add(
            earned[COMPONENT_INTEREST], life->state->instalments[i].charged[COMPONENT_INTEREST]);
    if (life->loan.terms.charge_off_rule != CHARGE_OFF_KEEP || !life->charged_off)
        book(life, life->ended_day, earned);
}

/* Whether an open instalment was paid more principal in advance than its level leaves for it. */
static bool is_overfilled(const struct life *life) {
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (life->loan.terms.interest_on == INTEREST_ON_OUTSTANDING &&
            one->kind == INSTALMENT_REGULAR && day_is_none(one->settled_day) &&
            day_compare(one->scheduled_day, life->state->day) > 0 &&
            money_is_positive(one->paid[COMPONENT_PRINCIPAL]) &&
            money_is_zero(instalment_owed(one, COMPONENT_PRINCIPAL)))
            return true;
    }
    return false;
}

void life_after_event(struct life *life, struct day day) {
    if (!day_is_none(life->ended_day)) {
        if (life->loan.terms.interest_on == INTEREST_ON_PLAN &&
            day_compare(day, life->ended_day) < 0)
            life->stale = "accruals of interest on the plan, before the end of the loan";
        rebook_ended(life);
        return;
    }
    if (!life_run(life, DAY_NONE))
        return;
    if (life->loan.from_drawdown && has_payment(life))
        life->stale = "accruals after a payment when the first day bears interest";
    if (is_overfilled(life))
        life->missing = "a coming instalment paid in part beyond its principal";
    const bool closed = life->state->status == CONTRACT_SETTLED;
    if (closed && !life->closed && !life->charged_off)
        book_everything(life, day);
    life->closed = closed;
}
