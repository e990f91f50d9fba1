/*
 * forget_events.h: old events of open screens are deleted. Exports: struct forget_place,
 * plan_forgetting(), forget_events(), EVENT_DAYS_KEPT.
 *
 * Page by page, so that nothing is held up: plan in a snapshot, delete in a unit, until done. The
 * last event of a log always stays, because the next number follows it.
 */
#ifndef FENQI_SERVICE_FORGET_EVENTS_H
#define FENQI_SERVICE_FORGET_EVENTS_H

#include "store/event_log.h"

enum { EVENT_DAYS_KEPT = 7, FORGET_PAGE = 500 };

/* How far the walk has come, and what its last page wants deleted. Starts as all zero. */
struct forget_place {
    int64_t user_id, number;
    bool done;
    struct log_row before[FORGET_PAGE]; /* of each log, events before this one */
    size_t count;
};

/* Reads the next page of the logs. */
enum status plan_forgetting(
    struct tx *tx, struct instant now, struct forget_place *place) FENQI_MUST_USE;

/* Deletes what the page found. */
enum status forget_events(struct tx *tx, const struct forget_place *place) FENQI_MUST_USE;

#endif
