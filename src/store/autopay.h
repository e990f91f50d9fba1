/*
 * autopay.h: automatic repayment: how it is set, what was agreed to, what was tried. Exports:
 * struct autopay, struct mandate, struct autopay_test, struct autopay_attempt and their queries.
 */
#ifndef FENQI_STORE_AUTOPAY_H
#define FENQI_STORE_AUTOPAY_H

#include "base/money.h"
#include "store/store.h"

struct autopay {
    int64_t version; /* 0: never set */
    bool enabled;
    const char *sources; /* funding source ids in order, joined by ','; 0 is the credit balance */
    const char *consent_version;
    struct instant consent_at;
    int64_t mandate_id;
};

/* Never fails for a customer who never set it: version 0, not enabled, no sources. */
enum status autopay_load(
    struct tx *tx, int64_t customer_id, struct autopay *autopay) FENQI_MUST_USE;
enum status autopay_save(
    struct tx *tx, int64_t customer_id, const struct autopay *autopay) FENQI_MUST_USE;

struct mandate {
    int64_t customer_id, mandate_id;
    bool enabled;
    const char *sources;
    const char *consent_version, *consent_text;
    int32_t mode;
    struct instant created_at;
};
enum status mandate_insert(struct tx *tx, const struct mandate *mandate) FENQI_MUST_USE;

/* Stored as integers: never renumber. */
enum autopay_test_state {
    AUTOPAY_TEST_PROCESSING = 1,
    AUTOPAY_TEST_PASSED = 2,
    AUTOPAY_TEST_FAILED = 3,
};
struct autopay_test {
    int64_t funding_source_id; /* 0: the credit balance */
    enum autopay_test_state state;
    struct instant at;
    int32_t failure;
};
enum status autopay_test_save(
    struct tx *tx, int64_t customer_id, const struct autopay_test *test) FENQI_MUST_USE;
enum status autopay_test_list(
    struct tx *tx, int64_t customer_id, struct autopay_test **tests, size_t *count) FENQI_MUST_USE;

struct autopay_attempt {
    struct day day;
    int32_t run, position;
    int64_t payment_id; /* 0: passed over */
    struct money amount;
};
/* *taken is false, and nothing is written, when the place was taken before. */
enum status autopay_attempt_take(struct tx *tx, int64_t customer_id, int64_t contract_id,
    const struct autopay_attempt *attempt, bool *taken) FENQI_MUST_USE;
/* Those on and after `from`, in order. */
enum status autopay_attempt_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct day from, struct autopay_attempt **attempts, size_t *count) FENQI_MUST_USE;

#endif
