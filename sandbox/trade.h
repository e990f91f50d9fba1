/*
 * trade.h: one collection at one provider, as the sandbox's book keeps it. Exports struct trade and
 * the steps that both providers share.
 */
#ifndef FENQI_SANDBOX_TRADE_H
#define FENQI_SANDBOX_TRADE_H

#include "sandbox/sandbox.h"

/*
 * States. WeChat Pay: NOTPAY SUCCESS CLOSED REFUND PAYERROR. Acquirer: NEW (refused so far, may be
 * tried again), I (processing), S, F.
 */
struct trade {
    const char *channel; /* "wechat" or "card" */
    const char *out_no;  /* the merchant's number: out_trade_no, trans_id */
    const char *provider_no;
    const char *kind;
    const char *state;
    const char *code; /* acquirer: biz_resp_code */
    const char *fingerprint;
    const char *description;
    const char *attach;
    const char *notify_url;
    const char *payer; /* openid, or protocol_no */
    const char *card_number;
    const char *handle; /* prepay_id, or the pr of a code_url */
    int64_t amount_fen;
    int64_t refunded_fen; /* accepted refunds, finished or not */
    struct instant created;
    struct instant expires;
    struct instant due; /* when a processing trade comes to its end; 0 when none */
    const char *due_code;
    struct instant done;
    int64_t queries;
};

struct refund {
    const char *channel;
    const char *refund_no;
    const char *provider_no;
    const char *out_no;
    const char *state; /* PROCESSING SUCCESS ABNORMAL CLOSED */
    const char *fingerprint;
    const char *reason;
    const char *notify_url;
    int64_t amount_fen;
    struct instant created;
    struct instant due;
    const char *due_state;
    struct instant done;
};

bool trade_load(struct sandbox *sandbox, struct arena *arena, const char *channel,
    const char *out_no, struct trade *out);
bool trade_load_by_provider(
    struct sandbox *sandbox, struct arena *arena, const char *provider_no, struct trade *out);
bool trade_load_by_handle(
    struct sandbox *sandbox, struct arena *arena, const char *handle, struct trade *out);
void trade_insert(struct sandbox *sandbox, const struct trade *trade);
/* Writes what changes: state, code, refunded, due, done, queries. */
void trade_save(struct sandbox *sandbox, const struct trade *trade);

bool refund_load(struct sandbox *sandbox, struct arena *arena, const char *channel,
    const char *refund_no, struct refund *out);
void refund_insert(struct sandbox *sandbox, const struct refund *refund);
void refund_save(struct sandbox *sandbox, const struct refund *refund);

/* Writes a line of money into the book: positive from the customer, negative back to him. */
void movement_add(struct sandbox *sandbox, struct instant now, const char *kind,
    const struct trade *trade, const char *refund_no, int64_t amount_fen);

/* Ends trades and refunds whose time has come, both channels. */
void trade_tick(struct sandbox *sandbox, struct instant now);

#endif
