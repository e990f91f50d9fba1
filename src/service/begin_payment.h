/*
 * begin_payment.h: writes a new payment down with its plan. Exports: struct payment_rails,
 * struct new_payment, begin_payment(), is_being_collected(), OUTBOX_KIND_PAYMENT.
 */
#ifndef FENQI_SERVICE_BEGIN_PAYMENT_H
#define FENQI_SERVICE_BEGIN_PAYMENT_H

#include "channel/channel.h"
#include "service/plan_payment.h"

#define OUTBOX_KIND_PAYMENT "payment"

/* Which channels this process has, and of which mode: never mixed. */
struct payment_rails {
    enum channel_mode mode;
    bool card, wechat;
};
struct payment_rails payment_rails_of(const struct channels *channels);

struct new_payment {
    int64_t customer_id;
    enum payment_entry entry;
    enum payment_initiator initiator;
    const struct purpose *purpose;
    enum payment_method method;
    int64_t funding_source_id;
    enum channel_mode mode;
    const char *customer_ip, *return_url; /* NULL: unknown */
    int32_t run, position;
};

/* Whether an instalment of the plan is being collected by another payment already. */
enum status is_being_collected(struct tx *tx, int64_t customer_id, const struct payment_plan *plan,
    bool *collected) FENQI_MUST_USE;

/*
 * Writes the payment with its plan, takes the instalments and leaves the outbox item for the
 * channel worker. A payment from the credit balance, which the caller has seen to be enough, needs
 * none of that: it is settled here, in memory, and written once when it has succeeded; the plan's
 * contracts are changed with it. The caller has seen to it that is_being_collected() is false.
 */
enum status begin_payment(struct tx *tx, struct moment moment, const struct new_payment *command,
    const struct payment_plan *plan, struct payment **payment) FENQI_MUST_USE;

#endif
