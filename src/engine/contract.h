/*
 * contract.h: a contract's life. Exports: struct contract_state, struct contract_event,
 * struct contract_update, contract_step(), contract_step_with_history(), contract_replay(),
 * contract_advance(), contract_difference(), contract_copy().
 *
 * Events are facts, in the order (day, sequence). The state is a function of terms and events and
 * of nothing else, and an update is the difference of two states: that is why a back-dated payment
 * or a reversed one needs no special journal. Nothing here allocates, reads a clock or does I/O.
 * Rules: spec/rules.md R-0020 to R-0067, R-0170 to R-0199.
 */
#ifndef FENQI_ENGINE_CONTRACT_H
#define FENQI_ENGINE_CONTRACT_H

#include "engine/movement.h"
#include "engine/terms.h"

#include <stddef.h>

enum contract_status {
    CONTRACT_NEW, /* nothing happened yet */
    CONTRACT_ACTIVE,
    CONTRACT_SETTLED,     /* 结清 */
    CONTRACT_REFUNDED,    /* all goods returned, plan unwound */
    CONTRACT_WRITTEN_OFF, /* 核销: the debt is given up */
    CONTRACT_SOLD,        /* the debt belongs to somebody else */
};
enum { CONTRACT_STATUS_COUNT = CONTRACT_SOLD + 1 };

enum instalment_state {
    INSTALMENT_UPCOMING,
    INSTALMENT_DUE,     /* its day is today or within the due window */
    INSTALMENT_OVERDUE, /* its day has passed */
    INSTALMENT_SETTLED,
    INSTALMENT_REFUNDED, /* cancelled by a refund before anything of its principal was paid */
};
enum { INSTALMENT_STATE_COUNT = INSTALMENT_REFUNDED + 1 };

enum instalment_kind {
    INSTALMENT_REGULAR,
    INSTALMENT_DOWN_PAYMENT, /* 首付 of a drawdown */
    INSTALMENT_UP_FRONT,     /* charges due on the start day or on a drawdown */
    INSTALMENT_PREPAYMENT,   /* 提前还本: principal that a prepayment took out of the plan */
    INSTALMENT_REPLACED,     /* of a period, until re-ageing took its debt into new instalments */
    INSTALMENT_ADDED,        /* after the last one: a charge-back or a charge too late for it */
};
enum { INSTALMENT_KIND_COUNT = INSTALMENT_ADDED + 1 };

/*
 * One 期. Always 0 <= paid, 0 <= waived, paid + waived <= charged, per component. Penalty is as of
 * the state's day; the accumulators are exact, so that each figure is rounded once (R-0040,
 * R-0142). Regular instalments stand in the order of their periods; other kinds follow where they
 * were added, so that a number never changes.
 */
struct instalment {
    enum instalment_kind kind;
    bool by_days;                /* by-month basis: its period counts days / 360 */
    struct day period_start;     /* interest of the period counts from here … */
    struct day scheduled_day;    /* … to here, excluded; as accepted or replanned */
    struct day due_day;          /* after holidays, extensions, acceleration */
    struct day settled_day;      /* DAY_NONE while something is owed */
    enum instalment_state state; /* as of the state's day */
    struct money charged[COMPONENT_COUNT];
    struct money paid[COMPONENT_COUNT];
    struct money waived[COMPONENT_COUNT];       /* also what settlement or refund cancelled */
    struct money charged_back[COMPONENT_COUNT]; /* inside charged: paid once, gone back, owed */
    struct money level;             /* principal + interest that the plan takes; 0: no level */
    struct money moved_interest;    /* of other instalments, by re-ageing; inside charged */
    struct money late_fee;          /* inside charged[COMPONENT_PENALTY] unless the cap ate it */
    struct money added_penalty;     /* charges of the penalty component, inside charged */
    struct money added_fee;         /* charges added later, inside charged[COMPONENT_FEE] */
    struct money extension_fee;     /* of extensions, inside charged[COMPONENT_FEE] */
    struct money subsidy;           /* interest that the shop bears, not inside charged */
    int64_t penalty_base_days;      /* fen × days that bore penalty */
    struct day penalty_mark_day;    /* when the base last changed; DAY_NONE never */
    int64_t penalty_mark_base_days; /* the accumulator on that day */
    int64_t compound_base_days;     /* overdue interest × days, when it is compounded */
    int128 overdue_allowance;       /* overdue principal × time × cap (R-0044) */
    int128 interest_time;           /* balance × rate × time up to the interest mark (R-0142) */
};

struct contract_state {
    enum contract_status status;
    struct day day;             /* everything is as of this day */
    uint32_t last_sequence;     /* of the latest event recorded */
    struct day closed_day;      /* DAY_NONE while active */
    struct day charged_off_day; /* DAY_NONE never */
    struct day accelerated_day; /* DAY_NONE never */
    int32_t instalment_count;
    int32_t extension_count;
    int32_t days_overdue;                /* since the oldest unpaid due day; 0 none */
    struct rate all_in_cap;              /* as it stands now */
    struct money drawn;                  /* drawdowns, whole life */
    struct money received[SOURCE_COUNT]; /* payments that stand, whole life */
    struct money overpaid;               /* to the credit balance, whole life, by reason: */
    struct money refund_to_customer;
    struct money rebated;
    struct money refunded_by_shop;           /* price of returned goods, whole life */
    struct money given_up[COMPONENT_COUNT];  /* owed when charged off, written off or sold */
    struct money recovered[COMPONENT_COUNT]; /* of payments after charge-off */
    struct money sale_price;
    int128 principal_allowance;    /* principal × time × cap, for the all-in cap (R-0044) */
    struct day interest_mark_day;  /* since when interest_balance has borne interest */
    struct money interest_balance; /* what bears interest (R-0141) */
    int32_t rate_count;            /* annual rates by day, the first from the start */
    struct rate_step rates[RATES_MAX];
    struct instalment instalments[INSTALMENTS_MAX]; /* [0] is instalment 1 */
};

enum contract_event_kind {
    EVENT_ACTIVATED, /* first, once, on terms.start_day; draws terms.principal */
    EVENT_PAYMENT_SETTLED,
    EVENT_REVERSED, /* the payment or amendment of that sequence never happened */
    EVENT_WAIVED,
    EVENT_EXTENSION_GRANTED,
    EVENT_MERCHANT_REFUNDED,
    EVENT_DAY_REACHED,  /* nothing but time: what the day-end records for a due day, a crossing */
    EVENT_DRAWN_DOWN,   /* amount */
    EVENT_CHARGE_ADDED, /* amount, component fee or penalty, other_day its due day */
    EVENT_CHARGED_BACK, /* amount of a payment that came back and is owed again from now on */
    EVENT_RATE_CHANGED, /* rate from the event's day on, level by `effect` */
    EVENT_INTEREST_PAUSED, /* no interest from other_day for `days` days */
    EVENT_DUE_DAY_CHANGED, /* instalment is due on other_day, later ones in step from it */
    EVENT_PAUSED,          /* instalment and later ones move by `days` days (缓缴) */
    EVENT_RE_AGED,         /* all that is owed in `count` new instalments from other_day on */
    EVENT_RE_AMORTISED,    /* what is overdue is spread over what is to come */
    EVENT_ACCELERATED,     /* 宣布提前到期: everything is due */
    EVENT_CHARGED_OFF,
    EVENT_WRITTEN_OFF,
    EVENT_SOLD,        /* amount is the price */
    EVENT_CAP_CHANGED, /* rate is the cap from the event's day on */
};
enum { EVENT_KIND_COUNT = EVENT_CAP_CHANGED + 1 };

/* What a payment may pay; beyond that it becomes credit balance. */
enum payment_target {
    TARGET_OVERDUE,    /* overdue instalments only */
    TARGET_DUE,        /* overdue, then due */
    TARGET_INSTALMENT, /* the one named */
    TARGET_ORDER,      /* overdue, due, then coming instalments in advance */
    TARGET_IN_ADVANCE, /* coming instalments only */
    TARGET_SETTLE,     /* early settlement; when the amount is short of it, as TARGET_ORDER */
    TARGET_PRINCIPAL, /* 提前还部分本金: overdue, due, then principal out of the plan by `effect` */
};
enum { TARGET_COUNT = TARGET_PRINCIPAL + 1 };

/* What becomes of the plan when its principal or its rate changes. */
enum plan_effect {
    EFFECT_LOWER_INSTALMENT,  /* the same number of instalments at a new level */
    EFFECT_FEWER_INSTALMENTS, /* the same level, the end comes sooner (or the last absorbs) */
};
enum { PLAN_EFFECT_COUNT = EFFECT_FEWER_INSTALMENTS + 1 };

/*
 * A fact. `sequence` is 1, 2, 3 … per contract in the order of recording; `day` is the value date,
 * which for a payment is the day on which the customer paid. Fields that a kind does not name are
 * 0, `other_day` then too.
 */
struct contract_event {
    enum contract_event_kind kind;
    uint32_t sequence;
    struct day day;
    struct money amount;        /* > 0 where the kind has one (a price may be 0) */
    enum payment_target target; /* payment */
    enum payment_source source; /* payment */
    enum plan_effect effect;    /* TARGET_PRINCIPAL, rate change */
    int32_t instalment;       /* TARGET_INSTALMENT, extension: 1-based; waiver: 0 = oldest first */
    enum component component; /* waiver: not principal; charge: fee or penalty */
    int32_t days;             /* extension, pause: days added */
    struct day other_day;
    int32_t count;
    struct rate rate;
    uint32_t reversed_sequence;          /* reversal: the event's sequence */
    struct money parts[COMPONENT_COUNT]; /* charge-back: its parts, together the amount; or all 0,
                                            then by the terms' credit order */
};

/* In the order in which they are checked. */
enum contract_refusal {
    CONTRACT_OK,
    CONTRACT_SEQUENCE_NOT_NEXT, /* not last_sequence + 1 */
    CONTRACT_NOT_ACTIVATED,     /* anything but activation on a new contract, or before start_day */
    CONTRACT_ALREADY_ACTIVATED,
    CONTRACT_DAY_OUT_OF_RANGE, /* activation not on start_day; more than CONTRACT_DAYS_MAX later;
                                  other_day outside what the kind allows */
    CONTRACT_NEEDS_HISTORY,    /* back-dated or a reversal: use contract_step_with_history() */
    CONTRACT_AMOUNT_INVALID,   /* not 1..PRINCIPAL_MAX_FEN × 10 */
    CONTRACT_TARGET_INVALID,   /* target, source, effect or component outside what is allowed */
    CONTRACT_RATE_INVALID,     /* not 0..100 % */
    CONTRACT_COUNT_INVALID,    /* days or count not what the kind allows */
    CONTRACT_NO_SUCH_INSTALMENT,
    CONTRACT_NO_SUCH_PAYMENT,       /* reversal of what cannot be reversed or is reversed already */
    CONTRACT_CLOSED,                /* an amendment of a contract that is not active */
    CONTRACT_NOTHING_TO_WAIVE,      /* waiver above what is owed of the component */
    CONTRACT_EXTENSION_NOT_OFFERED, /* by the terms: times used up or days outside 1..max_days */
    CONTRACT_EXTENSION_SETTLED,     /* that instalment is paid */
    CONTRACT_EXTENSION_TOO_SHORT,   /* the new due day would not lie after the event's day */
    CONTRACT_REFUND_TOO_LARGE,      /* refunds together above the principal drawn */
    CONTRACT_DRAWDOWN_NOT_OFFERED,  /* above the limit, or after the last instalment's day */
    CONTRACT_CHARGE_BACK_TOO_LARGE, /* more than was ever received */
    CONTRACT_NO_ROOM,               /* more instalments or rates than a contract can hold */
};
enum { CONTRACT_REFUSAL_COUNT = CONTRACT_NO_ROOM + 1 };

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
    CROSSING_CONTRACT_WRITTEN_OFF,
    CROSSING_CONTRACT_SOLD,
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
    int32_t paid_count;     /* how the payment was spread */
    int32_t waived_count;   /* what was waived or cancelled */
    int32_t movement_count; /* the journal entry, see movement.h */
    int32_t crossing_count;
    struct money surplus; /* to the customer's credit balance; negative: to be taken back */
    struct movement_line movements[MOVEMENT_COUNT];
    struct allocation_line paid[UPDATE_LINES_MAX];
    struct allocation_line waived[UPDATE_LINES_MAX];
    struct crossing crossings[UPDATE_CROSSINGS_MAX];
};

/* A contract to which nothing has happened. */
void contract_new(struct contract_state *state);

/* Copies what `from` uses of its room; `to` may be uninitialised. */
void contract_copy(struct contract_state *to, const struct contract_state *from);

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
 * Moves `state` forward to `day` without an event: penalty, interest and states as of that day.
 * Does nothing when day is not later. Advancing in steps or at once is the same.
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

/* The annual rate that holds on `day`. */
struct rate contract_rate(const struct contract_state *state, struct day day);

/* "payment_settled" …: stable names of event kinds, for logs and tables. */
const char *contract_event_kind_name(enum contract_event_kind kind);
const char *contract_refusal_name(enum contract_refusal refusal);

#endif
