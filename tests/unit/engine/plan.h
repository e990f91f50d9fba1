/* plan.h: terms for tests. Exports: plan(), money values by yuan text are written in fen. */
#ifndef FENQI_TESTS_ENGINE_PLAN_H
#define FENQI_TESTS_ENGINE_PLAN_H

#include "engine/terms.h"

/* Default conventions with a method, a principal, a count and a nominal annual rate. */
static inline struct terms plan(
    enum method method, int64_t principal_fen, int32_t count, int64_t annual_rate_per_billion) {
    struct terms terms = terms_defaults();
    terms.method = method;
    terms.principal = money_fen(principal_fen);
    terms.instalment_count = count;
    terms.annual_rate.per_billion = annual_rate_per_billion;
    terms.start_day = day_from_civil(2026, 1, 15);
    return terms;
}

/* A fee per period on the original principal, quoted for the whole term in hundredths of a percent.
 */
static inline struct terms fee_plan(
    int64_t principal_fen, int32_t count, int64_t total_hundredths) {
    struct terms terms = plan(METHOD_FEE_PER_PERIOD, principal_fen, count, 0);
    terms.fee_quote = FEE_QUOTE_TOTAL;
    terms.period_fee_rate = RATE_PERCENT(0, total_hundredths);
    return terms;
}

#endif
