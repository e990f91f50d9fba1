/* small_lives.c: counts through all small lives. Exports what small_lives.h declares. */
#include "small_lives.h"

#include "base/check.h"
#include "engine/schedule.h"

enum { PRINCIPAL_MAX = 200, COUNT_MAX = 4 };

/* When and how much a payment is, as places in the tables below. */
enum { DAYS = 3, AMOUNTS = 4, TARGETS = 3, PAYMENTS = DAYS * AMOUNTS * TARGETS };
enum { SECOND_PAYMENTS = AMOUNTS * TARGETS };

static struct terms small_terms(enum method method, int64_t principal, int32_t count) {
    struct terms terms = terms_defaults();
    terms.method = method;
    terms.principal = money_fen(principal);
    terms.instalment_count = count;
    terms.start_day = day_from_civil(2024, 1, 31);
    if (method <= METHOD_INTEREST_ONLY)
        terms.annual_rate.per_billion = 240000000;
    if (method == METHOD_FEE_PER_PERIOD)
        terms.period_fee_rate.per_billion = 9000000;
    terms.penalty.daily_rate.per_billion = 5000000;
    terms.settle_rule = (enum settle_rule)(principal % SETTLE_RULE_COUNT);
    terms.allocation.vertical = principal % 2 == 0;
    check(terms_validate(&terms) == TERMS_OK);
    return terms;
}

static struct contract_event small_payment(
    const struct schedule *schedule, int day, int amount, int target) {
    static const int32_t after_due[DAYS] = {-20, 0, 9};
    static const enum payment_target targets[TARGETS] = {TARGET_DUE, TARGET_ORDER, TARGET_SETTLE};
    const struct schedule_row *first = &schedule->rows[0];
    int64_t owed = first->principal.fen + first->interest.fen + first->fee.fen;
    int64_t whole = first->opening.fen + schedule_total_cost(schedule).fen;
    const int64_t amounts[AMOUNTS] = {1, owed, owed + 1, whole};
    return (struct contract_event){
        .kind = EVENT_PAYMENT_SETTLED,
        .day = day_add(first->due_day, after_due[day]),
        .amount = money_fen(amounts[amount] > 0 ? amounts[amount] : 1),
        .target = targets[target],
    };
}

/* The lives of one product. */
static long lives_of(
    struct small_life *life, long part, long parts, void (*live)(const struct small_life *life)) {
    struct schedule schedule;
    schedule_build(&life->terms, &schedule);
    long lived = 0;
    for (int one = 0; one < PAYMENTS; one++)
        for (int two = 0; two < SECOND_PAYMENTS; two++) {
            if (life->number++ % parts != part)
                continue;
            life->events[0] =
                small_payment(&schedule, one % DAYS, one / DAYS % AMOUNTS, one / DAYS / AMOUNTS);
            life->events[1] = small_payment(&schedule, DAYS - 1, two % AMOUNTS, two / AMOUNTS);
            life->events[1].day = day_add(life->events[1].day, 31);
            life->events[2] = (struct contract_event){
                .kind = EVENT_REVERSED,
                .day = life->events[1].day,
                .reversed_sequence = 2,
            };
            live(life);
            lived++;
        }
    return lived;
}

long small_lives(long part, long parts, void (*live)(const struct small_life *life)) {
    struct small_life life = {.event_count = SMALL_EVENTS_MAX};
    long lived = 0;
    for (int method = 0; method <= METHOD_FEE_PER_PERIOD; method++)
        for (int64_t principal = 1; principal <= PRINCIPAL_MAX; principal++)
            for (int32_t count = 1; count <= COUNT_MAX; count++) {
                life.terms = small_terms((enum method)method, principal, count);
                lived += lives_of(&life, part, parts, live);
            }
    return lived;
}
