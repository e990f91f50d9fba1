/*
 * book_keeper.h: what is done to the books behind everybody's back. Exports: seal_closed_days(),
 * forget_old_events(), struct book_keeper, book_keeper_start(), book_keeper_stop().
 *
 * Seals every closed day (service/seal_day.h) and deletes old events of open screens
 * (service/forget_events.h), page by page: nobody waits for it. Any number of processes may do it.
 */
#ifndef FENQI_JOB_BOOK_KEEPER_H
#define FENQI_JOB_BOOK_KEEPER_H

#include "codec/vault.h"
#include "job/worker_log.h"
#include "store/store.h"

enum { SEAL_WAIT_MS = 30000 };

/*
 * Makes the root of every day before the business date that has none. Waits at most `wait_ms` for
 * transactions that began before: then UNAVAILABLE, and the next run does it.
 */
enum status seal_closed_days(struct store *store, const struct vault *vault, int32_t wait_ms,
    int64_t *sealed, struct fault *fault) FENQI_MUST_USE;

/* Deletes events older than EVENT_DAYS_KEPT. go_on(context) is asked between pages (NULL: yes). */
enum status forget_old_events(struct store *store, bool (*go_on)(void *context), void *context,
    struct fault *fault) FENQI_MUST_USE;

struct book_keeper;

/* Does both on a thread of its own: seals within a minute of the day-end, forgets once a day. */
struct book_keeper *book_keeper_start(
    struct store *store, const struct vault *vault, struct worker_log log);
void book_keeper_stop(struct book_keeper *keeper);

#endif
