/*
 * close_contract_day.h: what a new business date does to one contract. Exports: struct day_context,
 * cross_contract(), remind_customer(), collect_contract(), close_contract_day().
 *
 * The steps of one contract and day run in one transaction, which also moves the contract's
 * next_action_day on: so a day-end can be stopped anywhere and run again, and does each contract's
 * day once.
 */
#ifndef FENQI_SERVICE_CLOSE_CONTRACT_DAY_H
#define FENQI_SERVICE_CLOSE_CONTRACT_DAY_H

#include "engine/delinquency.h"
#include "service/collect_due.h"

struct day_context {
    struct live_contract *contract;
    enum channel_mode mode;
    struct contract_update *crossed; /* NULL: time passed without anything happening */
    struct autopay *autopay;         /* NULL: no step has needed it yet */
    /* what the day came to for this contract */
    bool bucket_crossed;
    enum bucket from_bucket, to_bucket;
    int32_t notices;
    struct money due;    /* due and unpaid when its turn came */
    struct money credit; /* of it: paid from the credit balance */
    struct money debit;  /* of it: a debit was begun */
};

/* A step of the day for one contract. */
typedef enum status (*day_step)(struct tx *tx, struct moment moment, struct day_context *context);

/* The due day, overdue, bucket: recorded as the contract's event where something happens. */
enum status cross_contract(
    struct tx *tx, struct moment moment, struct day_context *context) FENQI_MUST_USE;

/* Notices: before the due day, on it, and when it has passed. */
enum status remind_customer(
    struct tx *tx, struct moment moment, struct day_context *context) FENQI_MUST_USE;

/* Automatic repayment of what is due and unpaid: first run, first source. */
enum status collect_contract(
    struct tx *tx, struct moment moment, struct day_context *context) FENQI_MUST_USE;

/* Loads the contract and runs the steps; *context.contract is NULL when its day is done already. */
enum status close_contract_day(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t contract_id, const day_step *steps, size_t step_count,
    struct day_context *context) FENQI_MUST_USE;

#endif
