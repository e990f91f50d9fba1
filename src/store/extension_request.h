/*
 * extension_request.h: customers' requests for more time. Exports: enum extension_request_state,
 * struct extension_request and queries.
 */
#ifndef FENQI_STORE_EXTENSION_REQUEST_H
#define FENQI_STORE_EXTENSION_REQUEST_H

#include "base/money.h"
#include "store/store.h"

/* Stored as integers: never renumber. */
enum extension_request_state {
    EXTENSION_WAITING = 1,
    EXTENSION_APPROVED = 2,
    EXTENSION_REJECTED = 3,
    EXTENSION_WITHDRAWN = 4, /* what it was for has been paid or settled meanwhile */
};

struct extension_request {
    int64_t customer_id;
    int64_t request_id;
    int64_t order_id;
    int64_t contract_id;
    int32_t instalment_number;
    int32_t days;
    struct money cost; /* as the customer saw it */
    const char *reason;
    enum extension_request_state state;
    struct instant created_at;
    struct instant answer_by;
    struct instant decided_at; /* 0 while waiting */
    int64_t decided_by;        /* staff_id; 0 while waiting and when withdrawn */
    const char *note;          /* told to the customer; NULL while waiting */
};

enum status extension_request_insert(
    struct tx *tx, const struct extension_request *request) FENQI_MUST_USE;

/* Saves state, decided_at, decided_by, note; *decided is false when it did not wait any more. */
enum status extension_request_decide(
    struct tx *tx, const struct extension_request *request, bool *decided) FENQI_MUST_USE;

/* *request is NULL when there is none. */
enum status extension_request_load(struct tx *tx, int64_t customer_id, int64_t request_id,
    struct extension_request **request) FENQI_MUST_USE;

/* All requests of a customer, the newest first. */
enum status extension_request_of_customer(struct tx *tx, int64_t customer_id,
    struct extension_request **requests, size_t *count) FENQI_MUST_USE;

/* Requests in a state over all customers, the oldest first, after the given place, at most
 * `limit`. The first page starts after (0, 0). */
enum status extension_request_by_state(struct tx *tx, enum extension_request_state state,
    struct instant after_created, int64_t after_id, int32_t limit,
    struct extension_request **requests, size_t *count) FENQI_MUST_USE;

/* How many are in a state, over all customers. */
enum status extension_request_count(
    struct tx *tx, enum extension_request_state state, int64_t *count) FENQI_MUST_USE;

#endif
