/*
 * kind_fineract_emi.c: an interest plan worked on step by step. Exports: kind_fineract_emi.
 *
 *     rate PERCENT, day_count YEAR/MONTH, every N UNIT, digits N ROUNDING, period FROM DUE …
 *     disburse DAY AMOUNT                      change_rate FROM PERCENT
 *     pay_principal DUE DAY AMOUNT             pay_interest DUE DAY AMOUNT
 *     credit_principal DAY AMOUNT              credit_interest DAY AMOUNT
 *     interest_pause FIRST LAST
 *     expect_period N SUB LEVEL FACTOR INTEREST DUE_INTEREST DUE_PRINCIPAL BALANCE
 *     expect_daily_interest START DAYS OF_THE_DAY ACCRUED
 *     get_due_amounts NAME DUE DAY, expect_due_amount NAME FIELD AMOUNT
 *     expect_total_interest AMOUNT, expect_emi N AMOUNT
 *
 * What is paid of one period on one day is one payment for that instalment. The factor and the
 * unrounded interest are compared where a period is not cut into parts.
 */
#include "fineract_factors.h"
#include "fineract_words.h"

#include "base/check.h"
#include "engine/contract.h"
#include "engine/replan.h"
#include "engine/schedule.h"

#include <string.h>

enum { EVENTS_MAX = 64, PERIODS_MAX = 48 };

/* Principal that a step paid or owed again, for the balance at a period's end. */
struct moved {
    struct day day;
    int32_t instalment; /* 0-based; -1: drawn or owed again */
    struct money amount;
};

struct work {
    struct arena *arena;
    struct terms terms;
    const char *missing;
    bool drawn;
    struct rate rate; /* that holds after the steps so far */
    int32_t period_count, event_count, moved_count;
    struct day starts[PERIODS_MAX], dues[PERIODS_MAX];
    struct contract_event events[EVENTS_MAX];
    struct moved moved[EVENTS_MAX];
    struct contract_state *state, *other;
    struct contract_update *update;
    struct money due_interest, due_principal; /* of the last get_due_amounts */
};

static void miss(struct work *work, const char *why) {
    if (!work->missing)
        work->missing = why;
}

static void read_unit(struct work *work, const struct vector_line *line) {
    static const struct {
        const char *word;
        enum period_unit unit;
    } units[] = {{"months", PERIOD_MONTH}, {"days", PERIOD_DAY}, {"weeks", PERIOD_WEEK}};
    check(read_count(line, 0, &work->terms.period_length));
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (word_is(line, 1, units[i].word))
            work->terms.period_unit = units[i].unit;
}

static void read_basis(struct work *work, const struct vector_line *line) {
    static const struct {
        const char *word;
        enum day_basis basis;
    } counts[] = {{"360/30", DAY_BASIS_BY_MONTH}, {"364/actual", DAY_BASIS_ACT_364},
        {"360/actual", DAY_BASIS_ACT_360}, {"365/actual", DAY_BASIS_ACT_365},
        {"actual/actual", DAY_BASIS_ACT_ACT_YEAR_END}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (word_is(line, 0, counts[i].word)) {
            work->terms.day_basis = counts[i].basis;
            return;
        }
    }
    miss(work, "months of thirty days in years of another length");
}

static bool read_convention(struct work *work, const struct vector_line *line) {
    struct terms *terms = &work->terms;
    if (line_is(line, "rate")) {
        check(read_rate(line, 0, &terms->annual_rate));
    } else if (line_is(line, "day_count")) {
        read_basis(work, line);
    } else if (line_is(line, "every")) {
        read_unit(work, line);
    } else if (line_is(line, "digits")) {
        if (!word_is(line, 0, "12"))
            miss(work, "other digits of factors than twelve");
        terms->factor_decimals = 12;
        terms->rounding = word_is(line, 1, "half_up") ? ROUND_HALF_UP : ROUND_HALF_EVEN;
    } else if (line_is(line, "leap_rule")) {
        if (terms->day_basis == DAY_BASIS_ACT_ACT_YEAR_END)
            terms->day_basis = DAY_BASIS_ACT_ACT_LEAP_DAY;
    } else if (line_is(line, "interest_from")) {
        terms->day_basis = DAY_BASIS_ACT_ACT_ISDA;
    } else if (line_is(line, "period") && work->period_count < PERIODS_MAX) {
        const int32_t n = work->period_count++;
        check(read_day_or_none(line, 0, &work->starts[n]) &&
              read_day_or_none(line, 1, &work->dues[n]));
    } else {
        return line_is(line, "source");
    }
    return true;
}

/* The terms of the first drawdown; the due days must be those that the terms make. */
static void settle_terms(struct work *work, struct day day, struct money amount) {
    struct terms *terms = &work->terms;
    terms->method =
        terms->annual_rate.per_billion > 0 ? METHOD_EQUAL_INSTALMENT : METHOD_INTEREST_FREE;
    terms->principal = amount;
    work->rate = terms->annual_rate;
    terms->start_day = day;
    terms->instalment_count = work->period_count;
    terms->drawdown_limit = money_fen(PRINCIPAL_MAX_FEN);
    terms->principal_rounding = terms->rounding;
    terms->overdue_bears_interest = false; /* a plan knows of no today */
    if (terms->annual_rate.per_billion > 0) {
        terms->interest_on = INTEREST_ON_OUTSTANDING;
        terms->level_adjustments = 3;
    } else {
        terms->factor_decimals = 0;
    }
    if (day_compare(day, work->starts[0]) != 0)
        miss(work, "a first drawdown within the first period");
    else if (terms_validate(terms) != TERMS_OK)
        miss(work, "terms that the engine refuses");
}

static void note(struct work *work, struct day day, int32_t instalment, struct money amount) {
    check(work->moved_count < EVENTS_MAX);
    work->moved[work->moved_count++] = (struct moved){day, instalment, amount};
}

static void add_event(struct work *work, struct contract_event event) {
    check(work->event_count < EVENTS_MAX);
    event.sequence = (uint32_t)work->event_count + 1;
    work->events[work->event_count++] = event;
}

static void disburse(struct work *work, const struct vector_line *line) {
    struct day day;
    struct money amount;
    check(read_day_or_none(line, 0, &day) && read_money(line, 1, &amount));
    if (money_is_zero(amount))
        return;
    if (!work->drawn)
        settle_terms(work, day, amount);
    add_event(
        work, (struct contract_event){.kind = work->drawn ? EVENT_DRAWN_DOWN : EVENT_ACTIVATED,
                  .day = day,
                  .amount = amount});
    note(work, day, -1, amount);
    work->drawn = true;
}

static int32_t period_due(const struct work *work, struct day due) {
    for (int32_t i = 0; i < work->period_count; i++)
        if (day_compare(work->dues[i], due) == 0)
            return i;
    return -1;
}

static void pay(struct work *work, const struct vector_line *line) {
    struct day due, day;
    struct money amount;
    if (!read_day_or_none(line, 0, &due) || !read_day_or_none(line, 1, &day) ||
        !read_money(line, 2, &amount)) {
        miss(work, "an amount that is stated as an expression");
        return;
    }
    const int32_t n = period_due(work, due);
    check(n >= 0);
    if (line_is(line, "pay_principal"))
        note(work, day, n, amount);
    struct contract_event *last = &work->events[work->event_count - 1];
    if (money_is_zero(amount))
        return;
    if (last->kind == EVENT_PAYMENT_SETTLED && last->instalment == n + 1 &&
        day_compare(last->day, day) == 0) {
        last->amount = money_add(last->amount, amount);
        return;
    }
    add_event(work, (struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
                        .day = day,
                        .amount = amount,
                        .target = TARGET_INSTALMENT,
                        .instalment = n + 1,
                        .source = SOURCE_CHANNEL});
}

static void credit(struct work *work, const struct vector_line *line) {
    struct day day;
    struct money amount;
    check(read_day_or_none(line, 0, &day) && read_money(line, 1, &amount));
    if (money_is_zero(amount))
        return;
    const enum component component =
        line_is(line, "credit_principal") ? COMPONENT_PRINCIPAL : COMPONENT_INTEREST;
    struct contract_event event = {.kind = EVENT_CHARGED_BACK, .day = day, .amount = amount};
    event.parts[component] = amount;
    add_event(work, event);
    if (component == COMPONENT_PRINCIPAL)
        note(work, day, -1, amount);
}

static bool replay(struct work *work, struct day until);

/* Whether something was paid of an instalment scheduled after a day; or only a part of it. */
static bool is_paid_ahead(struct work *work, struct day day, bool in_part) {
    if (!replay(work, DAY_NONE))
        return false;
    for (int32_t i = 0; i < work->period_count; i++) {
        const struct instalment *one = &work->state->instalments[i];
        if (day_compare(one->scheduled_day, day) > 0 &&
            money_is_positive(one->paid[COMPONENT_PRINCIPAL]) &&
            (!in_part || day_is_none(one->settled_day)))
            return true;
    }
    return false;
}

/* Due days that are not those of the terms were moved: the first that differs, later ones with
 * it. */
static void move_days(struct work *work) {
    for (int32_t i = 0; i < work->period_count && replay(work, DAY_NONE); i++) {
        const struct day due = work->dues[i];
        if (day_compare(work->state->instalments[i].scheduled_day, due) == 0)
            continue;
        add_event(work, (struct contract_event){.kind = EVENT_DUE_DAY_CHANGED,
                            .day = work->terms.start_day,
                            .instalment = i + 1,
                            .other_day = due});
    }
}

static void draw_again(struct work *work, const struct vector_line *line) {
    struct day day;
    check(read_day_or_none(line, 0, &day));
    if (work->drawn && is_paid_ahead(work, day, false))
        miss(work, "a further drawdown when coming instalments are paid");
    else
        disburse(work, line);
    if (work->event_count == 1)
        move_days(work);
}

static void change_rate(struct work *work, const struct vector_line *line) {
    struct day from;
    struct rate rate;
    check(read_day_or_none(line, 0, &from) && read_rate(line, 1, &rate));
    if (rate.per_billion == work->rate.per_billion)
        return;
    work->rate = rate;
    if (is_paid_ahead(work, day_add(from, -1), true))
        miss(work, "another rate when a coming instalment is paid in part");
    add_event(work, (struct contract_event){.kind = EVENT_RATE_CHANGED,
                        .day = day_add(from, -1),
                        .rate = rate,
                        .effect = EFFECT_LOWER_INSTALMENT});
}

static void pause(struct work *work, const struct vector_line *line) {
    struct day first, last;
    check(read_day_or_none(line, 0, &first) && read_day_or_none(line, 1, &last));
    for (int32_t i = 0; i < work->event_count; i++)
        if (work->events[i].kind == EVENT_RATE_CHANGED &&
            day_compare(work->events[i].day, day_add(first, -1)) >= 0 &&
            day_compare(work->events[i].day, last) < 0)
            miss(work, "another rate within a pause");
    struct day from = day_add(first, -1);
    if (day_compare(from, work->terms.start_day) == 0)
        from = first; /* the day of the drawdown bears interest */
    add_event(work, (struct contract_event){.kind = EVENT_INTEREST_PAUSED,
                        .day = work->terms.start_day,
                        .other_day = from,
                        .days = days_between(from, last)});
}

/* The state after the events so far, by value date. False when the engine refuses one. */
static bool replay(struct work *work, struct day until) {
    if (!work->drawn)
        miss(work, "figures before the first drawdown");
    if (work->missing)
        return false;
    bool done[EVENTS_MAX] = {0};
    contract_new(work->state);
    for (int32_t k = 0; k < work->event_count; k++) {
        int32_t next = -1;
        for (int32_t i = 0; i < work->event_count; i++)
            if (!done[i] &&
                (next < 0 || day_compare(work->events[i].day, work->events[next].day) < 0))
                next = i;
        done[next] = true;
        if (!day_is_none(until) && day_compare(work->events[next].day, until) > 0)
            break;
        struct contract_event event = work->events[next];
        event.sequence = (uint32_t)k + 1;
        const enum contract_refusal refusal =
            contract_step(&work->terms, work->state, &event, work->update);
        if (refusal == CONTRACT_OK)
            continue;
        miss(work,
            arena_printf(work->arena, "the engine refuses: %s", contract_refusal_name(refusal)));
        return false;
    }
    return true;
}

static struct money balance_after(const struct work *work, int32_t n) {
    struct money balance = MONEY_ZERO;
    for (int32_t i = 0; i <= n; i++)
        balance = money_subtract(balance, work->state->instalments[i].charged[COMPONENT_PRINCIPAL]);
    for (int32_t i = 0; i < work->moved_count; i++) {
        const struct moved *one = &work->moved[i];
        if (day_compare(one->day, work->dues[n]) > 0)
            continue;
        if (one->instalment < 0)
            balance = money_add(balance, one->amount);
        else if (one->instalment > n)
            balance = money_subtract(balance, one->amount);
    }
    return balance;
}

static bool money_agrees(const struct vector_line *line, int32_t n, struct money have) {
    struct money published;
    return !read_money(line, n, &published) || money_compare(published, have) == 0;
}

/* The level and what is charged of it, without what was owed again. */
static struct money level_of(const struct instalment *one) {
    return money_subtract(
        money_add(one->charged[COMPONENT_PRINCIPAL], one->charged[COMPONENT_INTEREST]),
        money_add(one->charged_back[COMPONENT_PRINCIPAL], one->charged_back[COMPONENT_INTEREST]));
}

/* Factor and unrounded interest of a period that nothing cuts. */
static bool exact_agrees(const struct work *work, const struct vector_line *line, int32_t n) {
    char factor[32], interest[32];
    if (!vector_word(line, 3, factor, sizeof factor) ||
        !vector_word(line, 4, interest, sizeof interest) || strcmp(factor, "-") == 0 ||
        work->terms.annual_rate.per_billion == 0 || work->state->instalments[n].by_days)
        return true;
    const struct period period = instalment_period(&work->terms, work->state, n);
    const struct rates rates = state_rates(work->state);
    struct growth growth;
    growth_of_period(&work->terms, &rates, &period, &growth);
    return factor_agrees(factor, growth.numerator, growth.denominator);
}

static void expect_period(
    struct work *work, const struct vector_line *line, bool whole, struct tally *tally) {
    int32_t n;
    check(read_count(line, 0, &n) && n < work->period_count);
    const struct instalment *one = &work->state->instalments[n];
    char have[6][MONEY_TEXT_SIZE];
    if (money_agrees(line, 2, level_of(one)) &&
        money_agrees(line, 5, one->charged[COMPONENT_INTEREST]) &&
        money_agrees(line, 6, one->charged[COMPONENT_PRINCIPAL]) &&
        money_agrees(line, 7, balance_after(work, n)) && (!whole || exact_agrees(work, line, n))) {
        vector_reproduced(tally);
        return;
    }
    vector_wrong(tally, line, "%s: level %s interest %s principal %s balance %s", line->rest,
        money_to_yuan(level_of(one), have[0]),
        money_to_yuan(one->charged[COMPONENT_INTEREST], have[1]),
        money_to_yuan(one->charged[COMPONENT_PRINCIPAL], have[2]),
        money_to_yuan(balance_after(work, n), have[3]));
}

static struct money accrued(struct work *work, struct day day, int32_t n) {
    struct money to_date[INSTALMENTS_MAX];
    if (!replay(work, day))
        return MONEY_ZERO;
    contract_copy(work->other, work->state);
    contract_advance(&work->terms, work->other, day);
    if (day_compare(day, work->dues[n]) >= 0)
        return work->other->instalments[n].charged[COMPONENT_INTEREST];
    interest_to_date(&work->terms, work->other, to_date);
    return to_date[n];
}

static void expect_daily(struct work *work, const struct vector_line *line, struct tally *tally) {
    struct day start;
    int32_t days;
    check(read_day_or_none(line, 0, &start) && read_count(line, 1, &days));
    const struct money now = accrued(work, day_add(start, days), 0);
    const struct money before = days > 1 ? accrued(work, day_add(start, days - 1), 0) : MONEY_ZERO;
    char text[MONEY_TEXT_SIZE];
    if (money_agrees(line, 2, money_subtract(now, before)) && money_agrees(line, 3, now))
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "accrued %s: %s", money_to_yuan(now, text), line->rest);
}

/* What an instalment asks for when it is paid on a day: by paying it there. */
static void get_due(struct work *work, const struct vector_line *line) {
    struct day due, day;
    if (!read_day_or_none(line, 1, &due) || !read_day_or_none(line, 2, &day)) {
        miss(work, "an amount that is stated as an expression");
        return;
    }
    const int32_t n = period_due(work, due);
    check(n >= 0);
    work->due_interest = work->due_principal = MONEY_ZERO;
    if (!replay(work, DAY_NONE))
        return;
    contract_copy(work->other, work->state);
    const struct contract_event event = {.kind = EVENT_PAYMENT_SETTLED,
        .sequence = work->other->last_sequence + 1,
        .day = day,
        .amount = level_of(&work->other->instalments[n]),
        .target = TARGET_INSTALMENT,
        .instalment = n + 1,
        .source = SOURCE_CHANNEL};
    if (contract_step(&work->terms, work->other, &event, work->update) != CONTRACT_OK)
        return;
    work->due_interest = work->other->instalments[n].paid[COMPONENT_INTEREST];
    work->due_principal = work->other->instalments[n].paid[COMPONENT_PRINCIPAL];
}

static void expect_amount(struct work *work, const struct vector_line *line, int32_t column,
    struct money have, struct tally *tally) {
    char text[MONEY_TEXT_SIZE];
    (void)work;
    if (money_agrees(line, column, have))
        vector_reproduced(tally);
    else
        vector_wrong(tally, line, "ours is %s: %s", money_to_yuan(have, text), line->rest);
}

static struct money total_interest(const struct work *work) {
    struct money sum = MONEY_ZERO;
    for (int32_t i = 0; i < work->period_count; i++)
        sum = money_add(sum, work->state->instalments[i].charged[COMPONENT_INTEREST]);
    return sum;
}

/* Whether a period's expectation stands alone, so that its one part is the whole of it. */
static bool is_whole(const struct vector_case *one, int32_t i) {
    int32_t n, other;
    if (!word_is(&one->lines[i], 1, "0") || !read_count(&one->lines[i], 0, &n))
        return false;
    return i + 1 == one->count || !line_is(&one->lines[i + 1], "expect_period") ||
           !read_count(&one->lines[i + 1], 0, &other) || other != n;
}

static void expect(
    struct work *work, const struct vector_case *one, int32_t i, struct tally *tally) {
    const struct vector_line *line = &one->lines[i];
    int32_t n;
    if (!replay(work, DAY_NONE))
        vector_not_expressible(tally, 1, work->missing);
    else if (line_is(line, "expect_period"))
        expect_period(work, line, is_whole(one, i), tally);
    else if (line_is(line, "expect_daily_interest"))
        expect_daily(work, line, tally);
    else if (line_is(line, "expect_due_amount"))
        expect_amount(work, line, 2,
            word_is(line, 1, "DueInterest") ? work->due_interest : work->due_principal, tally);
    else if (line_is(line, "expect_total_interest"))
        expect_amount(work, line, 0, total_interest(work), tally);
    else if (line_is(line, "expect_emi") && read_count(line, 0, &n) && n < work->period_count)
        expect_amount(work, line, 1, level_of(&work->state->instalments[n]), tally);
    else
        vector_not_expressible(tally, 1, "a figure without a meaning here");
}

struct operation {
    const char *word;
    void (*run)(struct work *work, const struct vector_line *line);
};

static const struct operation operations[] = {
    {"disburse", draw_again},
    {"pay_principal", pay},
    {"pay_interest", pay},
    {"credit_principal", credit},
    {"credit_interest", credit},
    {"change_rate", change_rate},
    {"interest_pause", pause},
    {"get_due_amounts", get_due},
};

static void operate(struct work *work, const struct vector_line *line) {
    struct money amount;
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (line_is(line, operations[i].word)) {
            if (!work->missing)
                operations[i].run(work, line);
            return;
        }
    }
    if (line_is(line, "balance_correction") &&
        !(read_money(line, 1, &amount) && money_is_zero(amount)))
        miss(work, "a balance corrected by hand");
}

static void run(const struct vector_case *one, struct tally *tally) {
    if (table_factors(one, tally))
        return;
    struct work *work = ARENA_NEW(one->arena, struct work);
    work->arena = one->arena;
    work->terms = terms_defaults();
    work->state = ARENA_NEW(one->arena, struct contract_state);
    work->other = ARENA_NEW(one->arena, struct contract_state);
    work->update = ARENA_NEW(one->arena, struct contract_update);
    for (int32_t i = 0; i < one->count; i++) {
        const struct vector_line *line = &one->lines[i];
        if (read_convention(work, line))
            continue;
        if (strncmp(line->word, "expect", 6) == 0)
            expect(work, one, i, tally);
        else
            operate(work, line);
    }
}

const struct vector_kind kind_fineract_emi = {"fineract_emi", run};
