/*
 * contract.h: a contract's life. Exports: struct contract_state, struct contract_event,
 * struct contract_update, contract_step(), contract_step_with_history(), contract_replay(),
 * contract_advance(), contract_difference().
 *
 * Events are facts, in the order (day, sequence). The state is a function of terms and events and
 * of nothing else, and an update is the difference of two states: that is why a back-dated payment
 * or a reversed one needs no special journal. Nothing here allocates, reads a clock or does I/O.
 * Rules: spec/rules.md R-0020 to R-0067.
 */
#ifndef FENQI_ENGINE_CONTRACT_H
#define FENQI_ENGINE_CONTRACT_H

#include "engine/movement.h"
#include "engine/terms.h"

#include <stddef.h>

enum contract_status {
    CONTRACT_NEW, /* nothing happened yet */
    CONTRACT_ACTIVE,
    CONTRACT_SETTLED,  /* 结清 */
    CONTRACT_REFUNDED, /* all goods returned, plan unwound */
};
enum { CONTRACT_STATUS_COUNT = CONTRACT_REFUNDED + 1 };

enum instalment_state {
    INSTALMENT_UPCOMING,
    INSTALMENT_DUE,     /* its day is today or within the due window */
    INSTALMENT_OVERDUE, /* its day has passed */
    INSTALMENT_SETTLED,
    INSTALMENT_REFUNDED, /* cancelled by a refund before anything of its principal was paid */
};
enum { INSTALMENT_STATE_COUNT = INSTALMENT_REFUNDED + 1 };

/*
 * One 期. Always 0 <= paid, 0 <= waived, paid + waived <= charged, per component. Penalty is as of
 * the state's day; the accumulators under it are exact, so that it is rounded once (R-0040).
 */
struct instalment {
    struct day scheduled_day;    /* as accepted */
    struct day due_day;          /* after extensions */
    struct day settled_day;      /* DAY_NONE while something is owed */
    enum instalment_state state; /* as of the state's day */
    struct money charged[COMPONENT_COUNT];
    struct money paid[COMPONENT_COUNT];
    struct money waived[COMPONENT_COUNT]; /* also what settlement or refund cancelled */
    struct money late_fee;          /* inside charged[COMPONENT_PENALTY] unless the cap ate it */
    struct money extension_fee;     /* inside charged[COMPONENT_FEE] */
    int64_t penalty_base_days;      /* fen × days that bore penalty */
    struct day penalty_mark_day;    /* when the base last changed; DAY_NONE never */
    int64_t penalty_mark_base_days; /* the accumulator on that day */
    int128 overdue_time; /* overdue principal × time, fen × parts per billion of a year */
};

struct contract_state {
    enum contract_status status;
    struct day day;         /* everything is as of this day */
    uint32_t last_sequence; /* of the latest event recorded */
    struct day closed_day;  /* DAY_NONE while active */
    int32_t instalment_count;
    int32_t extension_count;
    int32_t days_overdue;               /* since the oldest unpaid due day; 0 none */
    struct money received_from_channel; /* payments that stand, whole life */
    struct money received_from_credit;
    struct money overpaid; /* to the credit balance, whole life, by reason: */
    struct money refund_to_customer;
    struct money rebated;
    struct money refunded_by_shop;                  /* price of returned goods, whole life */
    int128 principal_time;                          /* principal × time, for the all-in cap */
    struct instalment instalments[INSTALMENTS_MAX]; /* [0] is instalment 1 */
};

enum contract_event_kind {
    EVENT_ACTIVATED, /* first, once, on terms.start_day */
    EVENT_PAYMENT_SETTLED,
    EVENT_PAYMENT_REVERSED, /* the payment of that sequence never happened */
    EVENT_WAIVED,
    EVENT_EXTENSION_GRANTED,
    EVENT_MERCHANT_REFUNDED,
    EVENT_DAY_REACHED, /* nothing but time: what the day-end records for a due day, a crossing */
};
enum { EVENT_KIND_COUNT = EVENT_DAY_REACHED + 1 };

/* What a payment may pay; beyond that it becomes credit balance. */
enum payment_target {
    TARGET_OVERDUE,    /* overdue instalments only */
    TARGET_DUE,        /* overdue, then due */
    TARGET_INSTALMENT, /* the one named */
    TARGET_ORDER,      /* overdue, due, then coming instalments in advance */
    TARGET_IN_ADVANCE, /* coming instalments only */
    TARGET_SETTLE,     /* early settlement; when the amount is short of it, as TARGET_ORDER */
};
enum { TARGET_COUNT = TARGET_SETTLE + 1 };

enum payment_source { SOURCE_CHANNEL, SOURCE_CREDIT_BALANCE };
enum { SOURCE_COUNT = SOURCE_CREDIT_BALANCE + 1 };

/*
 * A fact. `sequence` is 1, 2, 3 … per contract in the order of recording; `day` is the value date,
 * which for a payment is the day on which the customer paid. Fields that a kind does not name are
 * 0.
 */
struct contract_event {
    enum contract_event_kind kind;
    uint32_t sequence;
    struct day day;
    struct money amount;        /* payment, waiver, merchant refund: > 0 */
    enum payment_target target; /* payment */
    enum payment_source source; /* payment */
    int32_t instalment;       /* TARGET_INSTALMENT, extension: 1-based; waiver: 0 = oldest first */
    enum component component; /* waiver: not principal */
    int32_t days;             /* extension: days added to the instalment's due day */
    uint32_t reversed_sequence; /* reversal: the payment's sequence */
};

/* In the order in which they are checked. */
enum contract_refusal {
    CONTRACT_OK,
    CONTRACT_SEQUENCE_NOT_NEXT, /* not last_sequence + 1 */
    CONTRACT_NOT_ACTIVATED,     /* anything but activation on a new contract, or before start_day */
    CONTRACT_ALREADY_ACTIVATED,
    CONTRACT_DAY_OUT_OF_RANGE, /* activation not on start_day; more than CONTRACT_DAYS_MAX later */
    CONTRACT_NEEDS_HISTORY,    /* back-dated or a reversal: use contract_step_with_history() */
    CONTRACT_AMOUNT_INVALID,   /* not 1..PRINCIPAL_MAX_FEN × 10 */
    CONTRACT_TARGET_INVALID,   /* target, source or component outside what the event allows */
    CONTRACT_NO_SUCH_INSTALMENT,
    CONTRACT_NO_SUCH_PAYMENT,       /* reversal of what is no payment or is reversed already */
    CONTRACT_CLOSED,                /* waiver, extension on a settled or refunded contract */
    CONTRACT_NOTHING_TO_WAIVE,      /* waiver above what is owed of the component */
    CONTRACT_EXTENSION_NOT_OFFERED, /* by the terms: times used up or days outside 1..max_days */
    CONTRACT_EXTENSION_SETTLED,     /* that instalment is paid */
    CONTRACT_EXTENSION_TOO_SHORT,   /* the new due day would not lie after the event's day */
    CONTRACT_REFUND_TOO_LARGE,      /* refunds together above the principal */
};
enum { CONTRACT_REFUSAL_COUNT = CONTRACT_REFUND_TOO_LARGE + 1 };

/* One figure of one instalment that an event changed. amount is never 0; negative: taken back. */
struct allocation_line {
    int32_t instalment; /* 1-based */
    enum component component;
    struct money amount;
};

enum crossing_kind {
    CROSSING_CONTRACT_ACTIVATED,
    CROSSING_INSTALMENT_DUE, /* its due day (not the window before it) was reached unpaid */
    CROSSING_INSTALMENT_OVERDUE,
    CROSSING_INSTALMENT_SETTLED,
    CROSSING_INSTALMENT_REOPENED, /* a reversal or correction made it owed again */
    CROSSING_BUCKET_CHANGED,      /* delinquency bucket, see quote.h; instalment = the new bucket */
    CROSSING_CONTRACT_SETTLED,
    CROSSING_CONTRACT_REFUNDED,
    CROSSING_CONTRACT_REOPENED,
};
enum { CROSSING_KIND_COUNT = CROSSING_CONTRACT_REOPENED + 1 };

struct crossing {
    enum crossing_kind kind;
    int32_t instalment; /* 1-based; 0 for the contract; the bucket for CROSSING_BUCKET_CHANGED */
};

enum {
    UPDATE_LINES_MAX = INSTALMENTS_MAX * COMPONENT_COUNT,
    UPDATE_CROSSINGS_MAX = INSTALMENTS_MAX * 3 + 4,
};

/* What an event changed: the difference of the states before and after. */
struct contract_update {
    int32_t paid_count; /* how the payment was spread */
    struct allocation_line paid[UPDATE_LINES_MAX];
    int32_t waived_count; /* what was waived or cancelled */
    struct allocation_line waived[UPDATE_LINES_MAX];
    struct money surplus;   /* to the customer's credit balance; negative: to be taken back */
    int32_t movement_count; /* the journal entry, see movement.h */
    struct movement_line movements[MOVEMENT_COUNT];
    int32_t crossing_count;
    struct crossing crossings[UPDATE_CROSSINGS_MAX];
};

/* A contract to which nothing has happened. */
void contract_new(struct contract_state *state);

/*
 * Applies `event` to `state` and says in `update` what changed. On a refusal state and update are
 * untouched. Payments are never refused for what they pay: what does not fit is surplus.
 */
enum contract_refusal contract_step(const struct terms *terms, struct contract_state *state,
    const struct contract_event *event, struct contract_update *update);

/*
 * The same for any event, back-dated ones and reversals included. `history` holds every earlier
 * event of the contract in order of sequence.
 */
enum contract_refusal contract_step_with_history(const struct terms *terms,
    const struct contract_event *history, size_t count, struct contract_state *state,
    const struct contract_event *event, struct contract_update *update);

/* The state after `events` (in order of sequence), from nothing: the law that `state` is held to.
 */
void contract_replay(const struct terms *terms, const struct contract_event *events, size_t count,
    struct contract_state *state);

/*
 * Moves `state` forward to `day` without an event: penalty and states as of that day. Does nothing
 * when day is not later. Advancing in steps or at once is the same.
 */
void contract_advance(const struct terms *terms, struct contract_state *state, struct day day);

/* What lies between two states of the same contract. */
void contract_difference(const struct terms *terms, const struct contract_state *before,
    const struct contract_state *after, struct contract_update *update);

/* charged - paid - waived of one component, and of all four; >= 0. */
struct money instalment_owed(const struct instalment *instalment, enum component component);
struct money instalment_left(const struct instalment *instalment);
struct money contract_left(const struct contract_state *state);
struct money contract_principal_left(const struct contract_state *state);

/* "payment_settled" …: stable names of event kinds, for logs and tables. */
const char *contract_event_kind_name(enum contract_event_kind kind);
const char *contract_refusal_name(enum contract_refusal refusal);

#endif
