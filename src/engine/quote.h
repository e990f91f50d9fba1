/*
 * quote.h: questions about a contract. Exports: struct due_quote, struct window_quote,
 * struct settle_quote, struct extension_quote, quote_due(), quote_window(), quote_settle(),
 * quote_payment(), quote_extension(), quote_further_day(), next_action_day().
 *
 * A quote changes nothing, and what it says is what an event on that day then does. `day` is never
 * before the state's day. Rules: R-0050 to R-0079.
 */
#ifndef FENQI_ENGINE_QUOTE_H
#define FENQI_ENGINE_QUOTE_H

#include "engine/contract.h"

struct instalment_quote {
    int32_t number;
    struct day scheduled_day;
    struct day due_day;
    enum instalment_state state;
    int32_t days_overdue;
    struct money charged[COMPONENT_COUNT]; /* net of what was waived; penalty up to the day */
    struct money paid[COMPONENT_COUNT];
    struct money owed[COMPONENT_COUNT];
    struct money total; /* of charged */
    struct money paid_total;
    struct money left; /* of owed */
};

struct due_quote {
    struct day day;
    struct money owed_now; /* overdue + due: what TARGET_DUE takes */
    struct money overdue;  /* past its due day, penalty included: what TARGET_OVERDUE takes */
    struct money due;      /* due today or within the window */
    struct money left;     /* everything, as scheduled: what TARGET_ORDER takes at most */
    struct money penalty;  /* inside owed_now */
    struct money principal_left;
    struct money paid;           /* whole life, still standing */
    struct money further_day;    /* what one more day without payment adds */
    struct day earliest_due_day; /* of what is open; DAY_NONE none */
    struct day next_due_day;     /* the first open due day that is today or later; DAY_NONE none */
    struct money next_due;       /* what is left of it */
    int32_t days_overdue;
    int32_t settled_count; /* instalments settled or refunded */
    int32_t count;
    struct instalment_quote instalments[INSTALMENTS_MAX];
};

/* What is owed on `day`. */
void quote_due(const struct terms *terms, const struct contract_state *state, struct day day,
    struct due_quote *quote);

/* What falls due from one day to another. */
struct window_quote {
    struct money owed[COMPONENT_COUNT];
    struct money total;
    int32_t count;
    int32_t instalments[INSTALMENTS_MAX]; /* numbers of the open ones due in the window */
};

/*
 * What is open as of the state's day and has its due day within from..to, both included; amounts
 * as they stand on the state's day. The window may begin before it.
 */
void quote_window(
    const struct contract_state *state, struct day from, struct day to, struct window_quote *quote);

struct settle_line {
    int32_t instalment;
    struct money owed[COMPONENT_COUNT]; /* to pay for this instalment when settling */
    struct money saved;                 /* interest and fee that settling cancels */
};

struct settle_quote {
    struct day day;     /* valid to the end of this day */
    bool possible;      /* false: nothing is owed, all figures 0 */
    struct money total; /* principal + interest + fee + penalty */
    struct money principal;
    struct money interest;
    struct money fee; /* early_fee included */
    struct money penalty;
    struct money early_fee; /* charged for periods that have not begun, by the settle rule */
    struct money saved;
    int32_t count;
    struct settle_line lines[INSTALMENTS_MAX]; /* open instalments */
};

/* What settles the contract on `day`: a TARGET_SETTLE payment of `total` closes it. */
void quote_settle(const struct terms *terms, const struct contract_state *state, struct day day,
    struct settle_quote *quote);

/*
 * How a payment of `amount` on `day` would be spread: fills `update` and the state `after` it
 * (`after` may not be `state`). Refuses what contract_step() would refuse.
 */
enum contract_refusal quote_payment(const struct terms *terms, const struct contract_state *state,
    struct day day, struct money amount, enum payment_target target, int32_t instalment,
    struct contract_state *after, struct contract_update *update);

struct extension_quote {
    enum contract_refusal refusal; /* CONTRACT_OK: it can be granted */
    struct day new_due_day;
    int32_t days_gained; /* from the later of the old due day and the day */
    struct money left;   /* of the instalment, before the cost */
    struct money cost;
};

/* What moving instalment `number`'s due day by `days` on `day` would do and cost. */
void quote_extension(const struct terms *terms, const struct contract_state *state, struct day day,
    int32_t number, int32_t days, struct extension_quote *quote);

/* What one day after `day` without payment would add to the debt. */
struct money quote_further_day(
    const struct terms *terms, const struct contract_state *state, struct day day);

/*
 * The first day after `day` on which the day-end has something to do for the contract: reminder,
 * due day, retry of the debit, overdue or bucket crossing. DAY_NONE: never (closed).
 */
struct day next_action_day(
    const struct terms *terms, const struct contract_state *state, struct day day);

#endif
