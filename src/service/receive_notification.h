/*
 * receive_notification.h: a channel tells by itself what became of a number. Exports: enum
 * receive_outcome, struct receive_notification, receive_notification().
 *
 * The notification has been verified and decrypted before (channel_read_notice(), no transaction).
 * Here, in one transaction: the dedupe row, what follows from it (event, allocation, journal,
 * outbox, event log); then the acknowledgement. Anything that does not fit changes nothing at all.
 */
#ifndef FENQI_SERVICE_RECEIVE_NOTIFICATION_H
#define FENQI_SERVICE_RECEIVE_NOTIFICATION_H

#include "channel/channel.h"
#include "store/store.h"

/* In the order in which they are checked. */
enum receive_outcome {
    RECEIVE_APPLIED,
    RECEIVE_IGNORED,        /* genuine, of a kind that changes nothing: acknowledge */
    RECEIVE_REFUSED,        /* the verdict says so: do not acknowledge */
    RECEIVE_UNKNOWN_NUMBER, /* not a number of ours, of this channel or of this mode */
    RECEIVE_REPEATED,       /* came before: acknowledge again */
    RECEIVE_WRONG_AMOUNT,   /* the number is ours, the amount is not */
};

struct receive_notification {
    enum channel_kind kind;
    enum channel_mode mode;
    const struct channel_notice *notice;
};

/* The customer whom a notice's number names: the key of the unit; 0 when it is no number of ours.
 */
int64_t notification_customer(const struct channel_notice *notice);

/* The caller must tx_refuse() for every outcome but APPLIED, IGNORED and REPEATED. */
enum status receive_notification(struct tx *tx, struct moment moment,
    const struct receive_notification *command, enum receive_outcome *outcome) FENQI_MUST_USE;

/* Whether the provider is to be told "received". */
bool receive_is_acknowledged(enum receive_outcome outcome);

#endif
