/*
 * wechat.h: WeChat Pay APIv3 as its merchants see it. Exports wechat_handle() and what cashier,
 * control and notification queue need of it.
 *
 * Source of the rules: pay.weixin.qq.com documentation as collected in docs/channels/sandbox.md.
 */
#ifndef FENQI_SANDBOX_WECHAT_H
#define FENQI_SANDBOX_WECHAT_H

#include "sandbox/trade.h"

/* Answers a request under /v3/. */
void wechat_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* "order", "query", "close", "refund", "refund_query", "certificates" or "other". */
const char *wechat_operation(const struct request *request);

/* Loads and closes it when its time has run out. */
bool wechat_trade(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *out_no, struct trade *out);

/* The payer confirms. False when the trade cannot be paid any more. */
bool wechat_pay(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct trade *trade);

/* The payment fails in the payer's app (trade_state PAYERROR). */
bool wechat_fail(struct sandbox *sandbox, struct trade *trade);

void wechat_refund_finish(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct refund *refund);

/* Signs an answer whose status and body stand. */
void wechat_sign_answer(
    struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* The signed, encrypted notification of a stored payload. */
void wechat_notification(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *event_id, const char *event, const char *payload, const char *forge,
    struct instant created, struct outgoing *out);

/* {code, message} with a Request-ID that ends in the documented number. */
void wechat_error(const struct request *request, struct answer *answer, int status,
    const char *code, const char *message, const char *number);

/* POST refunds and GET refunds/{out_refund_no}. */
void wechat_refund(struct sandbox *sandbox, const struct request *request, struct answer *answer);
void wechat_refund_query(struct sandbox *sandbox, const struct request *request,
    const char *refund_no, struct answer *answer);

/* Whether `text` is made of letters, digits and `extra`, `least` to `most` of them. */
bool merchant_number_valid(const char *text, const char *extra, size_t least, size_t most);

#endif
