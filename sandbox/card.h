/*
 * card.h: the card acquirer with agreement pay, as its merchants see it. Exports the handlers and
 * what control and notification queue need.
 *
 * Modelled on 宝付 协议支付 4.0.0.0 (public interface documents, summed up in
 * docs/channels/sandbox.md).
 */
#ifndef FENQI_SANDBOX_CARD_H
#define FENQI_SANDBOX_CARD_H

#include "sandbox/card_wire.h"
#include "sandbox/trade.h"

/* Answers POST /cutpayment/protocol/backTransRequest. */
void card_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* Answers POST /cutpayment/api/backTransRequest. */
void card_refund_handle(
    struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* "prebind", "bind", "bind_query", "unbind", "prepay", "confirm", "query", "pay", "refund",
 * "refund_query" or "other". */
const char *card_operation(const struct request *request);

/* One transaction type each; `call` is verified. */
void card_prebind(struct card_call *call);
void card_bind(struct card_call *call);
void card_bind_query(struct card_call *call);
void card_unbind(struct card_call *call);
void card_prepay(struct card_call *call);
void card_confirm(struct card_call *call);
void card_pay(struct card_call *call);
void card_query(struct card_call *call);

/* Writes an SMS into the outbox and returns its code. */
const char *card_send_sms(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *mobile, const char *purpose);

/* Whether a code is accepted: six digits, except 000000 (wrong) and 000001 (expired). Returns the
 * biz_resp_code, 0000 when it is. */
const char *card_sms_code(const char *code);

/* Brings a processing trade to the end that was planned. */
void card_finish(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct trade *trade);

/* Ends it from the control page: `code` 0000 pays. False when it has ended already. */
bool card_decide(struct sandbox *sandbox, struct arena *arena, struct instant now,
    struct trade *trade, const char *code);

void card_refund_finish(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct refund *refund);

/* Balance of a simulated card, opening the account at first sight. */
int64_t card_balance(struct sandbox *sandbox, struct arena *arena, const char *card_number);

/* The signed notification of a stored payload. */
void card_notification(struct sandbox *sandbox, struct arena *arena, const char *event,
    const char *payload, const char *forge, struct outgoing *out);

#endif
