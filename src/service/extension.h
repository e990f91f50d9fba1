/*
 * extension.h: more time for an instalment: eligibility and cost shown first, asked by the
 * customer, decided by staff. Exports: enum extension_reason, struct extension_choice, struct
 * extension_offer, struct extension_subject, make_extension_offer(), request_extension(),
 * decide_extension() with their commands and answers.
 *
 * The customer is the maker, staff the checker: nobody decides on a request of their own. The cost
 * is what the engine quotes on the day of the decision; a cost above the one shown is refused, so
 * that the customer never pays more than they were told.
 */
#ifndef FENQI_SERVICE_EXTENSION_H
#define FENQI_SERVICE_EXTENSION_H

#include "engine/quote.h"
#include "service/apply_contract_event.h"
#include "store/extension_request.h"
#include "store/order.h"

/* Why (not), in the order in which it is checked. */
enum extension_reason {
    EXTENSION_POSSIBLE,
    EXTENSION_NO_CONTRACT, /* not accepted, settled or refunded */
    EXTENSION_NOT_OFFERED, /* the product has none, or they are used up */
    EXTENSION_REQUESTED,   /* a request waits for its decision */
    EXTENSION_TOO_LATE,    /* overdue for longer than EXTENSION_OVERDUE_DAYS_MAX */
    EXTENSION_TOO_EARLY,   /* nothing is overdue or due soon */
    EXTENSION_NO_CHOICE,   /* no number of days would move the due day past today */
};

enum {
    EXTENSION_OVERDUE_DAYS_MAX = 60,
    EXTENSION_ANSWER_S = 86400, /* staff answer within */
    EXTENSION_CHOICES_MAX = 3,
};

struct extension_choice {
    int32_t instalment_number;
    struct day due_day;
    struct money left; /* of the instalment */
    int32_t days;
    struct day new_due_day;
    struct money cost;
};

struct extension_offer {
    enum extension_reason reason;
    size_t choice_count; /* 0 unless POSSIBLE */
    struct extension_choice choices[EXTENSION_CHOICES_MAX];
    int32_t used_count; /* extensions granted so far */
    int32_t max_count;
    const struct extension_request *latest; /* of this contract; NULL: none */
};

/* A contract that is asked about. */
struct extension_subject {
    int64_t contract_id;
    const struct terms *terms;
    const struct contract_state *state;
};

/*
 * What can be asked for on `day`. `subject` NULL: the order has no contract. `requests` are the
 * customer's, newest first.
 */
void make_extension_offer(const struct extension_subject *subject, struct day day,
    const struct extension_request *requests, size_t request_count, struct extension_offer *offer);

/* Why, in words. */
const char *extension_reason_zh(enum extension_reason reason);
const char *extension_reason_en(enum extension_reason reason);

/* In the order in which they are checked. */
enum request_extension_outcome {
    REQUEST_EXTENSION_OK,
    REQUEST_EXTENSION_ORDER_NOT_FOUND,
    REQUEST_EXTENSION_WAITING,
    REQUEST_EXTENSION_NOT_ELIGIBLE, /* see `reason`, or not one of the choices */
    REQUEST_EXTENSION_COST_CHANGED,
};

struct request_extension {
    int64_t customer_id;
    int64_t order_id;
    int32_t instalment_number;
    int32_t days;
    struct money expected_cost; /* as shown */
    const char *reason;
};

struct request_extension_answer {
    enum request_extension_outcome outcome;
    enum extension_reason reason;
    struct extension_request *request; /* NULL unless OK */
};

enum status request_extension(struct tx *tx, struct moment moment,
    const struct request_extension *command,
    struct request_extension_answer *answer) FENQI_MUST_USE;

/* In the order in which they are checked. */
enum decide_extension_outcome {
    DECIDE_EXTENSION_OK,
    DECIDE_EXTENSION_NOT_FOUND,
    DECIDE_EXTENSION_DECIDED,       /* before, or withdrawn */
    DECIDE_EXTENSION_NOTE_REQUIRED, /* a refusal needs its reason */
    DECIDE_EXTENSION_NOT_ELIGIBLE,  /* cannot be granted any more, or would cost more than shown */
};

struct decide_extension {
    int64_t customer_id; /* from the request's public number */
    int64_t request_id;
    int64_t staff_id;
    bool approve;
    const char *note; /* told to the customer; "" when approving without words */
};

struct decide_extension_answer {
    enum decide_extension_outcome outcome;
    struct extension_request *request; /* NULL unless OK */
};

enum status decide_extension(struct tx *tx, struct moment moment,
    const struct decide_extension *command, struct decide_extension_answer *answer) FENQI_MUST_USE;

#endif
