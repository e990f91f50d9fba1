/*
 * bind_card.h: a customer binds a bank card by SMS, and takes it away again. Exports: bind_card(),
 * confirm_card(), unbind_card(), test_debit() with their commands and outcomes, and the worker's
 * side: prepare_card_task(), finish_card_task(), open_protocol().
 *
 * Nothing here waits for the bank: each step leaves an outbox item for the channel worker, and the
 * funding source's bind_state tells how far it has come. The card's data is sealed while it waits
 * and forgotten as soon as the bank has decided; only the agreement's number stays.
 */
#ifndef FENQI_SERVICE_BIND_CARD_H
#define FENQI_SERVICE_BIND_CARD_H

#include "channel/channel.h"
#include "codec/vault.h"
#include "service/begin_payment.h"
#include "store/autopay.h"
#include "store/funding_source.h"
#include "store/outbox.h"

enum { CODE_RESEND_AFTER_S = 60, CODE_LIFETIME_S = 600, CODE_WRONG_MOST = 5 };

/* In the order in which they are checked. */
enum bind_card_outcome {
    BIND_CARD_OK,
    BIND_CARD_NUMBER_INVALID,   /* length or check digit */
    BIND_CARD_NOT_SUPPORTED,    /* a credit card: a credit is not repaid from another one */
    BIND_CARD_IDENTITY_INVALID, /* check character or date of birth */
    BIND_CARD_NAME_MISMATCH,    /* not the name of this account's holder */
    BIND_CARD_ALREADY_BOUND,
    BIND_CARD_CODE_TOO_SOON,
    BIND_CARD_CHANNEL_UNAVAILABLE,
};

struct bind_card {
    int64_t customer_id;
    const struct vault *vault;
    struct payment_rails rails;
    const char *card_number, *name, *identity_number, *phone;
};

struct bind_card_answer {
    enum bind_card_outcome outcome;
    struct funding_source *source; /* NULL unless OK */
    int32_t resend_after_s;        /* also for CODE_TOO_SOON: how long to wait */
};
enum status bind_card(struct tx *tx, struct moment moment, const struct bind_card *command,
    struct bind_card_answer *answer) FENQI_MUST_USE;

/* In the order in which they are checked. */
enum confirm_card_outcome {
    CONFIRM_CARD_OK, /* the code is on its way to the bank: watch bind_state */
    CONFIRM_CARD_NOT_FOUND,
    CONFIRM_CARD_ALREADY, /* bound before: nothing to do */
    CONFIRM_CARD_CODE_LOCKED,
    CONFIRM_CARD_CODE_EXPIRED,
    CONFIRM_CARD_CHANNEL_UNAVAILABLE, /* the bank has not even sent the SMS */
};
enum status confirm_card(struct tx *tx, struct moment moment, const struct vault *vault,
    int64_t customer_id, int64_t funding_source_id, const char *sms_code,
    enum confirm_card_outcome *outcome) FENQI_MUST_USE;

/* In the order in which they are checked. */
enum unbind_card_outcome {
    UNBIND_CARD_OK,
    UNBIND_CARD_NOT_FOUND,
    UNBIND_CARD_IN_USE, /* automatic repayment uses it: choose another source first */
    UNBIND_CARD_PAYMENT_IN_PROGRESS,
};
enum status unbind_card(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t funding_source_id, enum unbind_card_outcome *outcome) FENQI_MUST_USE;

/* In the order in which they are checked. */
enum test_debit_outcome {
    TEST_DEBIT_OK,
    TEST_DEBIT_NOT_FOUND,
    TEST_DEBIT_UNUSABLE,
    TEST_DEBIT_TOO_SOON,
};
/* Asks the bank whether the agreement stands; takes no money. funding_source_id 0: the balance. */
enum status test_debit(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t funding_source_id, struct autopay_test *test,
    enum test_debit_outcome *outcome) FENQI_MUST_USE;

/* The agreement's number of a bound card. CORRUPT when it does not open. */
enum status open_protocol(struct tx *tx, const struct vault *vault,
    const struct funding_source *source, const char **protocol_no) FENQI_MUST_USE;

/* The worker's side of bind, confirm, unbind and test items; see channel_task.h. */
struct channel_task;
enum status prepare_card_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct channel_task *task) FENQI_MUST_USE;
enum status finish_card_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, const struct channel_task *task,
    const struct channel_answer *answer) FENQI_MUST_USE;

#define OUTBOX_KIND_BIND_START "bind_start"
#define OUTBOX_KIND_BIND_CONFIRM "bind_confirm"
#define OUTBOX_KIND_UNBIND "unbind"
#define OUTBOX_KIND_TEST_DEBIT "test_debit"

#endif
