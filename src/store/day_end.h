/*
 * day_end.h: how far each day's day-end has come. Exports: enum day_end_state, struct
 * day_end_record, day_end_save(), day_end_load(), day_end_is_open(), day_end_list(); struct
 * day_end_counts, day_end_add(); struct day_end_range and its queries.
 *
 * The work of a day under way is split into ranges, which processes take under leases. A range says
 * who works on it and what it came to, never what is done: that is known by the contracts
 * themselves. The units that change ranges have the key STORE_NO_KEY, so they run one by one over
 * all processes.
 */
#ifndef FENQI_STORE_DAY_END_H
#define FENQI_STORE_DAY_END_H

#include "base/money.h"
#include "engine/delinquency.h"
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
    const char *report;         /* NULL until it is done; JSON, spec/openapi.yaml DayEndReport */
};

/* Inserts or replaces the day's record; started_at of an old one stays. */
enum status day_end_save(struct tx *tx, const struct day_end_record *record) FENQI_MUST_USE;

/* *record is NULL when the day never began. */
enum status day_end_load(
    struct tx *tx, struct day day, struct day_end_record **record) FENQI_MUST_USE;

/* Whether the day has begun and is not done. */
enum status day_end_is_open(struct tx *tx, struct day day, bool *open) FENQI_MUST_USE;

/* The latest days, newest first, at most `limit`. */
enum status day_end_list(
    struct tx *tx, int32_t limit, struct day_end_record **records, size_t *count) FENQI_MUST_USE;

/* What work came to. Stored in this order: only add at the end. */
struct day_end_counts {
    int64_t contracts; /* whose day is done */
    int64_t failed;    /* whose day stays open, because of a fault */
    int64_t notices;
    int64_t due, due_fen;       /* contracts with something due and unpaid, and how much */
    int64_t credit, credit_fen; /* of them: paid from the credit balance at once */
    int64_t debits, debit_fen;  /* of them: automatic debits begun */
    int64_t orders_expired;
    int64_t interrupted; /* ranges taken over from a process that had died: its last second may not
                            be counted */
    int64_t crossed[BUCKET_COUNT][BUCKET_COUNT]; /* contracts, from bucket, to bucket */
};

/* Adds `more` to `sum`. */
void day_end_add(struct day_end_counts *sum, const struct day_end_counts *more);

struct day_end_range {
    struct day day;
    int32_t step;
    int32_t number;
    int64_t first_customer; /* from here … */
    int64_t end_customer;   /* … up to here, excluded */
    int64_t planned;        /* contracts that it had when it was made */
    int64_t owner;          /* 0: nobody */
    struct instant lease_until;
    bool done;
    struct instant started_at, finished_at; /* 0: not yet */
    struct day_end_counts counts;
    const char *fault; /* NULL, or why the first contract that failed did */
};

/* CONFLICT when it stands already. Only place, customers and planned are taken from `range`. */
enum status day_end_range_insert(struct tx *tx, const struct day_end_range *range) FENQI_MUST_USE;

/* All of a day, in the order of step and number. */
enum status day_end_range_list(
    struct tx *tx, struct day day, struct day_end_range **ranges, size_t *count) FENQI_MUST_USE;

/* Saves what may change: everything but place and customers. */
enum status day_end_range_save(struct tx *tx, const struct day_end_range *range) FENQI_MUST_USE;

/* Deletes all of a day. */
enum status day_end_range_drop(struct tx *tx, struct day day) FENQI_MUST_USE;

#endif
