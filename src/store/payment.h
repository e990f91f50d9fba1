/*
 * payment.h: payments, automatic debits and refunds, and what they pay. Exports: enum
 * payment_entry, payment_state, payment_initiator, payment_purpose, payment_method, struct payment
 * with its parts, allocations and steps, and their queries; the live collections.
 *
 * created → submitted → succeeded | failed | unknown (→ succeeded | failed); cancelled from created
 * or, when the channel has closed the order, from submitted. Final states are final: payment_save()
 * gives CORRUPT rather than change one. Only service/settle_payment moves a payment on.
 *
 * A payment is one row with everything that belongs to it: a unit loads it, changes it in memory
 * and saves it once.
 */
#ifndef FENQI_STORE_PAYMENT_H
#define FENQI_STORE_PAYMENT_H

#include "base/money.h"
#include "store/customer_range.h"
#include "store/store.h"

/* Stored as integers: never renumber. */
enum payment_entry {
    PAYMENT_ENTRY_PAYMENT = 1,
    PAYMENT_ENTRY_AUTOPAY = 2,
    PAYMENT_ENTRY_REFUND = 3
};
enum payment_state {
    PAYMENT_CREATED = 1,
    PAYMENT_SUBMITTED = 2,
    PAYMENT_SUCCEEDED = 3,
    PAYMENT_FAILED = 4,
    PAYMENT_UNKNOWN = 5,
    PAYMENT_CANCELLED = 6,
};
enum payment_initiator {
    INITIATOR_CUSTOMER = 1,
    INITIATOR_AUTOPAY = 2,
    INITIATOR_STAFF = 3,
    INITIATOR_SHOP = 4,
    INITIATOR_SYSTEM = 5,
};
enum payment_purpose {
    PURPOSE_NONE = 0, /* refunds */
    PURPOSE_DUE = 1,
    PURPOSE_OVERDUE = 2,
    PURPOSE_ORDER = 3,
    PURPOSE_ALL_ORDERS = 4,
    PURPOSE_AMOUNT = 5,
    PURPOSE_SETTLE = 6,
};
enum payment_method {
    PAY_BY_NOTHING = 0, /* a shop's refund: no money moves between the customer and us */
    PAY_BY_BANK_CARD = 1,
    PAY_BY_WECHAT_NATIVE = 2,
    PAY_BY_WECHAT_H5 = 3,
    PAY_BY_CREDIT_BALANCE = 4,
};

/* What a payment is meant for: one a contract, in the order in which they are paid. */
struct payment_part {
    int64_t contract_id, order_id;
    struct money amount;
    int32_t target;         /* enum payment_target */
    int32_t event_sequence; /* of the contract's event; 0 until settled */
};

/* What it pays in one instalment of a part's contract: planned; as made, once it has succeeded. */
struct payment_allocation {
    int64_t contract_id, order_id;
    int32_t instalment; /* 1-based */
    struct day due_day;
    struct money principal, interest, fee, penalty;
    struct money left_after;
};

/* What became of it, in order. */
struct payment_step {
    struct instant at;
    enum payment_state state;
    const char *code; /* "created", "sent", "waiting", "succeeded", "failed", "unknown", … */
};

struct payment {
    int64_t customer_id;
    int64_t payment_id;
    enum payment_entry entry;
    enum payment_state state;
    enum payment_initiator initiator;
    enum payment_purpose purpose;
    const char *purpose_orders;  /* order ids, decimal, joined by ','; "" for none named */
    struct money purpose_amount; /* PURPOSE_AMOUNT: as asked for */
    enum payment_method method;
    int64_t funding_source_id; /* PAY_BY_BANK_CARD */
    int32_t channel;           /* enum channel_kind */
    int32_t mode;              /* enum channel_mode */
    struct money amount;
    struct day business_date; /* on which the customer paid: the value date */
    struct instant created_at;
    struct instant submitted_at; /* 0: not yet sent */
    struct instant finished_at;  /* 0: not final */
    const char *customer_ip;     /* NULL once final */
    const char *return_url;
    const char *action_url; /* WeChat: what the QR code says, or where to redirect */
    struct instant action_expires_at;
    int32_t failure; /* enum channel_failure */
    const char *provider_code;
    const char *transaction_id;
    struct money excess;         /* what went to the credit balance */
    int64_t original_payment_id; /* a refund: of which payment; 0 otherwise */
    struct money refunded;       /* a payment: what was given back of it */
    bool cancel_requested;
    bool resend;      /* the channel never saw it: send again under the same number */
    int32_t run;      /* autopay: 1, 2 … of the day */
    int32_t position; /* autopay: 1 the first source */
    size_t part_count;
    struct payment_part *parts;
    size_t allocation_count;
    struct payment_allocation *allocations;
    size_t step_count;
    struct payment_step *steps;
    enum payment_state stored_state; /* the store's: as it stands in its row; 0 has none yet */
    bool damaged; /* as payment_of_range() read it; all others give CORRUPT instead */
};

bool payment_is_final(enum payment_state state);

/* Adds a step in the payment's present state, in `arena`. `code` is a word of a-z and '_'. */
void payment_step_add(
    struct arena *arena, struct payment *payment, struct instant at, const char *code);

/* Whether it has a step of this code. */
bool payment_has_step(const struct payment *payment, const char *code);

/*
 * Writes the row: a payment made in this unit is inserted, one that was loaded in it updated.
 * CORRUPT, and nothing is written, when its row has another final state.
 */
enum status payment_save(struct tx *tx, struct payment *payment) FENQI_MUST_USE;

/* *payment is NULL when the customer has no such payment. */
enum status payment_load(struct tx *tx, int64_t customer_id, int64_t payment_id,
    struct payment **payment) FENQI_MUST_USE;

/* Newest first, below `before_id` (INT64_MAX: all); order_id 0: of any order; entry 0: any. */
enum status payment_page(struct tx *tx, int64_t customer_id, int64_t order_id, int32_t entry,
    int64_t before_id, int32_t limit, struct payment **payments, size_t *count) FENQI_MUST_USE;

/* What is on its way, the oldest first. */
enum status payment_live(
    struct tx *tx, int64_t customer_id, struct payment **payments, size_t *count) FENQI_MUST_USE;

/*
 * All payments of a range of customers, in the order of their key; `damaged` says of each whether
 * its detail does not decode.
 */
enum status payment_of_range(struct tx *tx, struct customer_range range, struct payment **payments,
    size_t *count) FENQI_MUST_USE;

/* How many automatic debits made on or before `day` are still on their way, over all customers. */
enum status payment_count_live_autopay(
    struct tx *tx, struct day day, int64_t *count) FENQI_MUST_USE;

/* Automatic repayments begun on a day, as they stand now; number and sum of each kind. */
struct automatic_payments {
    int64_t credit, credit_fen;       /* paid from the credit balance, at once */
    int64_t collected, collected_fen; /* debits, each attempt for itself */
    int64_t failed, failed_fen;
    int64_t waiting, waiting_fen; /* on their way or unknown */
};
enum status payment_automatic_of_day(
    struct tx *tx, struct day day, struct automatic_payments *payments) FENQI_MUST_USE;

/* Every payment that has a part for the contract, the oldest first. */
enum status payment_of_contract(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct payment **payments, size_t *count) FENQI_MUST_USE;

/* What succeeded payments paid of a contract, by instalment. */
struct instalment_payment {
    int32_t instalment;
    int64_t payment_id;
    struct day day;
    struct money amount;
};
enum status instalment_payment_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct instalment_payment **payments, size_t *count) FENQI_MUST_USE;

struct live_collection {
    int64_t contract_id;
    int32_t instalment;
    int64_t payment_id;
    int64_t customer_id; /* as read */
};
/* CONFLICT when another payment has the instalment: look at live_collection_list() before. */
enum status live_collection_take(
    struct tx *tx, int64_t customer_id, const struct live_collection *collection) FENQI_MUST_USE;
enum status live_collection_list(struct tx *tx, int64_t customer_id,
    struct live_collection **collections, size_t *count) FENQI_MUST_USE;
void live_collection_foresee(struct tx *tx, int64_t customer_id);
enum status live_collection_of_range(struct tx *tx, struct customer_range range,
    struct live_collection **collections, size_t *count) FENQI_MUST_USE;
/* Frees every instalment that `payment_id` has. */
enum status live_collection_release(
    struct tx *tx, int64_t customer_id, int64_t payment_id) FENQI_MUST_USE;

#endif
