/*
 * fault_plan.h: the troubles that somebody asked for. Exports enum trouble, struct trouble_rule,
 * trouble_take() and the names that the control API uses.
 *
 * A rule is used up by hits (`remaining`, 0 for ever) and may strike by chance (`per_million`, dice
 * seeded by --seed), so that a test can ask for exactly one and a simulation for a rate.
 */
#ifndef FENQI_SANDBOX_FAULT_PLAN_H
#define FENQI_SANDBOX_FAULT_PLAN_H

#include "sandbox/sandbox.h"

enum trouble {
    TROUBLE_LATENCY,        /* the answer comes delay_ms late */
    TROUBLE_TIMEOUT_BEFORE, /* nothing is done and nothing answered */
    TROUBLE_TIMEOUT_AFTER,  /* it is done, but the answer never comes */
    TROUBLE_ERROR_BEFORE,   /* HTTP 500, nothing done */
    TROUBLE_ERROR_AFTER,    /* HTTP 500, though it is done */
    TROUBLE_RESET_BEFORE,   /* connection closed, nothing done */
    TROUBLE_RESET_AFTER,    /* connection closed, though it is done */
    TROUBLE_ANSWER_FORGED,  /* the answer's signature is wrong */
    TROUBLE_REFUSE,         /* the payment fails with `code` */
    TROUBLE_INSUFFICIENT_FUNDS,
    TROUBLE_FROZEN_CARD,
    TROUBLE_LIMIT_EXCEEDED,
    TROUBLE_AGREEMENT_CANCELLED,
    TROUBLE_UNKNOWN,         /* the payment answers `code` (BF00115), ends as `outcome` later */
    TROUBLE_REFUND_ABNORMAL, /* the refund is accepted and ends ABNORMAL */
    TROUBLE_REFUND_CLOSED,   /* the refund is accepted and ends CLOSED */
    TROUBLE_QUERY_FAILED,    /* the query itself fails (FF, SYSTEM_ERROR) */
    TROUBLE_NOTIFY_DUPLICATE,
    TROUBLE_NOTIFY_DELAY,
    TROUBLE_NOTIFY_REORDER, /* held back until the channel's next notification was delivered */
    TROUBLE_NOTIFY_LOST,
    TROUBLE_NOTIFY_FORGED_SIGNATURE, /* a forged one is sent before the true one */
    TROUBLE_NOTIFY_FORGED_AMOUNT,
    TROUBLE_NOTIFY_FORGED_MERCHANT,
    TROUBLE_NOTIFY_STALE,
    TROUBLE_NOTIFY_TRUNCATED,
};
enum { TROUBLE_COUNT = TROUBLE_NOTIFY_TRUNCATED + 1 };

enum trouble_phase { PHASE_REQUEST, PHASE_PAY, PHASE_REFUND, PHASE_QUERY, PHASE_NOTIFY };

struct trouble_rule {
    int64_t id;
    enum trouble trouble;
    int64_t delay_ms;
    const char *code;
    const char *outcome;
};

const char *trouble_name(enum trouble trouble);
bool trouble_from_name(const char *name, enum trouble *out);
const char *trouble_meaning(enum trouble trouble);

/*
 * Takes the first rule with an id above `after` that fits channel, operation and subject (the
 * rule's `match` is part of it) in this phase, and counts the hit. False when there is none.
 */
bool trouble_take(struct sandbox *sandbox, struct arena *arena, enum trouble_phase phase,
    const char *channel, const char *operation, const char *subject, int64_t after,
    struct trouble_rule *out);

#endif
