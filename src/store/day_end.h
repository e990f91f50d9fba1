/*
 * day_end.h: how far each day's day-end has come. Exports: enum day_end_state, struct
 * day_end_record, day_end_save(), day_end_list().
 */
#ifndef FENQI_STORE_DAY_END_H
#define FENQI_STORE_DAY_END_H

#include "store/store.h"

/* Stored as integers: never renumber. */
enum day_end_state { DAY_END_RUNNING = 1, DAY_END_DONE = 2, DAY_END_REQUESTED = 3 };

struct day_end_record {
    struct day day;
    enum day_end_state state;
    struct instant started_at;
    struct instant finished_at; /* 0: still running */
    int64_t contract_count;     /* contracts that had something to do, so far */
    int64_t collection_count;   /* automatic debits begun */
    const char *message;        /* NULL, or what staff should know */
};

/* Inserts or replaces the day's record; started_at of an old one stays. */
enum status day_end_save(struct tx *tx, const struct day_end_record *record) FENQI_MUST_USE;

/* The latest days, newest first, at most `limit`. */
enum status day_end_list(
    struct tx *tx, int32_t limit, struct day_end_record **records, size_t *count) FENQI_MUST_USE;

#endif
