/*
 * set_autopay.h: a customer switches automatic repayment on or off and chooses the sources.
 * Exports: enum set_autopay_outcome, struct set_autopay, set_autopay().
 *
 * What was agreed to is kept as a mandate: the text, its version, the sources in their order, when.
 * The caller has compared the version (If-Match) in the same transaction by giving it here.
 */
#ifndef FENQI_SERVICE_SET_AUTOPAY_H
#define FENQI_SERVICE_SET_AUTOPAY_H

#include "service/load_autopay.h"

/* In the order in which they are checked. */
enum set_autopay_outcome {
    SET_AUTOPAY_OK,
    SET_AUTOPAY_VERSION_CONFLICT,
    SET_AUTOPAY_SOURCE_NOT_FOUND,
    SET_AUTOPAY_SOURCE_UNUSABLE, /* not active, of the other mode, or named twice */
    SET_AUTOPAY_CONSENT_REQUIRED,
    SET_AUTOPAY_CONSENT_OUTDATED,
    SET_AUTOPAY_SOURCES_REQUIRED, /* enabled without a source, or more than three */
};

struct set_autopay {
    int64_t customer_id;
    enum channel_mode mode;
    int64_t version; /* the one that the customer saw */
    bool enabled;
    const int64_t *source_ids; /* in order; 0 is the credit balance */
    size_t source_count;
    const char *consent_version; /* NULL: none given */
};

enum status set_autopay(struct tx *tx, struct moment moment, const struct set_autopay *command,
    enum set_autopay_outcome *outcome) FENQI_MUST_USE;

#endif
