/*
 * request_day_end.h: staff ask for the day-end. Exports: enum request_day_end_outcome,
 * request_day_end(), requested_day_end(), fulfil_day_end_request(), clear_day_end_request(),
 * SETTING_DAY_END_REQUESTED.
 */
#ifndef FENQI_SERVICE_REQUEST_DAY_END_H
#define FENQI_SERVICE_REQUEST_DAY_END_H

#include "store/store.h"

#define SETTING_DAY_END_REQUESTED "day_end_requested"

/* How far ahead of the books a date may be: a slip of the pen must not age every contract. */
enum { DAY_END_DAYS_MOST = 366 };

/* In the order in which they are checked. */
enum request_day_end_outcome {
    REQUEST_DAY_END_OK,
    REQUEST_DAY_END_RUNNING,
    REQUEST_DAY_END_OUT_OF_RANGE, /* before the business date, or too far ahead */
};

/* Leaves the wish for the scheduler and wakes it. */
enum status request_day_end(struct tx *tx, struct moment moment, struct day day,
    enum request_day_end_outcome *outcome) FENQI_MUST_USE;

/* The day asked for; DAY_NONE when none is. */
enum status requested_day_end(struct tx *tx, struct day *day) FENQI_MUST_USE;

/*
 * The wish for `day` is fulfilled; another one stays. So does this one while the day of the books
 * is open again in the hands of another process, which takes it away itself.
 */
enum status fulfil_day_end_request(struct tx *tx, struct day day) FENQI_MUST_USE;

/* Nobody goes on with the wish for `day`; another one stays. */
enum status clear_day_end_request(struct tx *tx, struct day day) FENQI_MUST_USE;

#endif
