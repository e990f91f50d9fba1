/*
 * schedule.h: the instalment plan of terms. Exports: struct schedule, schedule_build(),
 * schedule_solve(), schedule_due_day(), schedule_share(), schedule_working_day(),
 * schedule_month_end(), schedule_total_cost(), adjusted_level(), down_payment_of(),
 * charge_amount().
 *
 * Pure function of valid terms; integers only. Rules: R-0002 to R-0010, R-0140 to R-0155.
 */
#ifndef FENQI_ENGINE_SCHEDULE_H
#define FENQI_ENGINE_SCHEDULE_H

#include "engine/contract.h"
#include "engine/interest.h"

struct schedule_row {
    enum instalment_kind kind;
    struct period period; /* from the due day before, or the start day, to the scheduled day */
    struct day due_day;   /* the scheduled day, or where holidays move it */
    bool no_principal;    /* grace: the row pays its interest only */
    struct rate share;    /* of the level amount; RATE_UNIT but for stepped plans */
    struct money level; /* principal + interest, subsidy included; 0 for methods without a level */
    struct money opening; /* principal outstanding during the period */
    struct money principal;
    struct money interest; /* the customer's part */
    struct money subsidy;  /* the shop's part */
    struct money fee;
};

struct schedule {
    int32_t count;
    int32_t regular_count; /* rows of the periods, first; down payment and charges follow */
    struct schedule_row rows[INSTALMENTS_MAX];
};

/* The plan of the terms' own principal, drawn on the start day. */
void schedule_build(const struct terms *terms, struct schedule *schedule);

/*
 * Fills level, opening, principal, interest and subsidy of the regular rows, whose periods and
 * flags are given, so that `opening` is repaid over them. `adjusts`: moves the level (R-0146).
 */
void schedule_solve(const struct terms *terms, const struct rates *rates, struct money opening,
    bool adjusts, struct schedule *schedule);

/*
 * R-0146: the level to try next when `count` instalments at `level` leave the last one to differ by
 * `difference_fen`; the same level when nothing is to be tried.
 */
struct money adjusted_level(
    const struct terms *terms, struct money level, int32_t count, int64_t difference_fen);

/* Scheduled day of instalment `number` (1-based); number 0 is the start day. */
struct day schedule_due_day(const struct terms *terms, int32_t number);

/* Of the level amount, what instalment `number` takes (METHOD_STEPPED; else all of it). */
struct rate schedule_share(const struct terms *terms, int32_t number);

/* What months without the due day do, by the terms' due rule (R-0111). */
enum month_end_rule schedule_month_end(const struct terms *terms);

/* `scheduled` moved to a working day as the terms say. */
struct day schedule_working_day(const struct terms *terms, struct day scheduled);

/* Interest, subsidy excluded, and fees over all rows. */
struct money schedule_total_cost(const struct schedule *schedule);

/* `total` in `count` equal parts: one of them, rounded to the multiple of the terms. */
struct money even_part(const struct terms *terms, struct money total, int32_t count);

/* The down payment of a drawdown. */
struct money down_payment_of(const struct terms *terms, struct money drawdown);

/* All charges of `time` for these figures, ceilings applied. */
struct money charge_amount(const struct terms *terms, enum charge_time time, struct money drawdown,
    struct money principal, struct money interest);

#endif
