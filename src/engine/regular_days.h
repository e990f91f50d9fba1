/*
 * regular_days.h: the days that divide a time into regular periods. Exports: enum stub, struct
 * regular_days, enum regular_days_outcome, regular_days_build().
 *
 * What does not divide evenly becomes a stub: a first or last period that is short, or long.
 * Rules: R-0116 to R-0118.
 */
#ifndef FENQI_ENGINE_REGULAR_DAYS_H
#define FENQI_ENGINE_REGULAR_DAYS_H

#include "engine/calendar.h"
#include "engine/day_pattern.h"

enum stub {
    STUB_UNSTATED, /* none, or what the pattern asks for at the end that does not fit it */
    STUB_NONE,
    STUB_SHORT_FIRST,
    STUB_LONG_FIRST,
    STUB_SMART_FIRST, /* long when the short one had less than 7 days */
    STUB_SHORT_LAST,
    STUB_LONG_LAST,
    STUB_SMART_LAST,
    STUB_BOTH, /* both told by first_regular and last_regular */
};
enum { STUB_COUNT = STUB_BOTH + 1 };

struct regular_days {
    struct day start;
    struct day end;
    enum period_unit unit;
    int32_t length; /* 0: one period from start to end */
    enum stub stub;
    struct day_pattern pattern;
    struct day first_regular; /* DAY_NONE, or where the regular periods begin */
    struct day last_regular;  /* DAY_NONE, or where they end */
    struct working_days working;
    enum roll_rule roll;
    enum roll_rule start_roll; /* of the start day alone */
};

enum regular_days_outcome {
    REGULAR_DAYS_OK,
    REGULAR_DAYS_OUT_OF_ORDER,      /* start, first_regular, last_regular, end */
    REGULAR_DAYS_OFF_PATTERN,       /* the day to step from does not fit the pattern */
    REGULAR_DAYS_STUB_NOT_ALLOWED,  /* does not divide evenly, and no stub was agreed */
    REGULAR_DAYS_STUB_CONTRADICTED, /* first_regular or last_regular make another stub */
    REGULAR_DAYS_TOO_MANY,          /* more than there is room for */
};
enum { REGULAR_DAYS_OUTCOME_COUNT = REGULAR_DAYS_TOO_MANY + 1 };

struct regular_days_result {
    struct day_pattern pattern; /* in use */
    int32_t count;              /* days, one more than periods */
    int32_t room;               /* set by the caller */
    struct day *scheduled;      /* room each, set by the caller */
    struct day *rolled;
};

/*
 * The days from start to end, before and after rolling to working days. A start, end, first or last
 * regular day that is what the pattern's day rolls to counts as the pattern's day.
 */
enum regular_days_outcome regular_days_build(
    const struct regular_days *request, struct regular_days_result *result);

#endif
