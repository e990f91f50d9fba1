/* inside.c: the engine's functions, timed from outside. Exports what inside.h declares. */
#include "inside.h"

#include "engine/annuity.h"
#include "engine/cost_rate.h"
#include "engine/delinquency.h"
#include "engine/disclosure.h"
#include "engine/explain.h"
#include "engine/quote.h"
#include "engine/schedule.h"
#include "stopwatch.h"

static struct {
    int depth;
    int64_t began;
    int64_t spent;
} inside;

static void enter(void) {
    if (inside.depth++ == 0)
        inside.began = stopwatch_nanoseconds();
}

static void leave(void) {
    if (--inside.depth == 0)
        inside.spent += stopwatch_nanoseconds() - inside.began;
}

void inside_start(void) {
    inside.spent = 0;
}

int64_t inside_stop(void) {
    return inside.spent;
}

/* A function of the engine with its parameters and how they are handed on. */
#define TIMED(type, name, parameters, arguments)                                                   \
    __typeof__(name) __real_##name;                                                                \
    __typeof__(name) __wrap_##name;                                                                \
    type __wrap_##name parameters {                                                                \
        enter();                                                                                   \
        type result = __real_##name arguments;                                                     \
        leave();                                                                                   \
        return result;                                                                             \
    }
#define TIMED_VOID(name, parameters, arguments)                                                    \
    __typeof__(name) __real_##name;                                                                \
    __typeof__(name) __wrap_##name;                                                                \
    void __wrap_##name parameters {                                                                \
        enter();                                                                                   \
        __real_##name arguments;                                                                   \
        leave();                                                                                   \
    }

TIMED(struct cost_rate, actuarial_rate,
    (const struct cash_flow *flows, int32_t count, struct real periods_per_year),
    (flows, count, periods_per_year))
TIMED(
    struct cost_rate, european_rate, (const struct cash_flow *flows, int32_t count), (flows, count))
TIMED(bool, cash_flows_rate, (const struct cash_flows *flows, struct real guess, struct real *rate),
    (flows, guess, rate))
TIMED(bool, annuity_payment, (const struct annuity *annuity, struct real *out), (annuity, out))
TIMED(bool, annuity_rate, (const struct annuity *annuity, struct real guess, struct real *out),
    (annuity, guess, out))
TIMED_VOID(contract_advance,
    (const struct terms *terms, struct contract_state *state, struct day day), (terms, state, day))
TIMED(enum contract_refusal, contract_step_with_history,
    (const struct terms *terms, const struct contract_event *history, size_t count,
        struct contract_state *state, const struct contract_event *event,
        struct contract_update *update),
    (terms, history, count, state, event, update))
TIMED_VOID(disclosure_build, (const struct terms *terms, struct disclosure *disclosure),
    (terms, disclosure))
TIMED_VOID(explain_instalment,
    (const struct terms *terms, const struct contract_state *state, struct day day, int32_t number,
        struct explanation *explanation),
    (terms, state, day, number, explanation))
TIMED_VOID(explain_settle,
    (const struct terms *terms, const struct contract_state *state, struct day day,
        struct explanation *explanation),
    (terms, state, day, explanation))
TIMED_VOID(quote_due,
    (const struct terms *terms, const struct contract_state *state, struct day day,
        struct due_quote *quote),
    (terms, state, day, quote))
TIMED_VOID(quote_settle,
    (const struct terms *terms, const struct contract_state *state, struct day day,
        struct settle_quote *quote),
    (terms, state, day, quote))
TIMED_VOID(
    schedule_build, (const struct terms *terms, struct schedule *schedule), (terms, schedule))
TIMED(enum terms_refusal, terms_validate, (const struct terms *terms), (terms))
