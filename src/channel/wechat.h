/*
 * wechat.h: the message flows of WeChat Pay APIv3 as a pure step machine. Exports: struct
 * wechat_flow, wechat_begin(), wechat_continue(), wechat_certificates(), wechat_read_notice().
 *
 * Protocol: china.md D1 of the domain notes, after the provider's own documents (2026): orders
 * (native, h5), query, close, refund and its query, certificates, notifications.
 */
#ifndef FENQI_CHANNEL_WECHAT_H
#define FENQI_CHANNEL_WECHAT_H

#include "channel/wechat_sign.h"

enum wechat_place { WECHAT_ASKED, WECHAT_CERTIFICATES };

/* One request on its way. Filled by wechat_begin(); everything lives in `arena`. */
struct wechat_flow {
    struct arena *arena;
    const struct wechat_config *config;
    struct wechat_keys *keys;
    const struct channel_request *request;
    enum wechat_place place;
    const struct reply *kept; /* the answer that waits for its key to be downloaded */
};

/*
 * What to send for a request: fills `exchange`. The nonce is 32 letters and digits, random. A fault
 * is a request that this channel cannot make; nothing was sent.
 */
enum status wechat_begin(struct wechat_flow *flow, const struct channel_request *request,
    struct instant now, const char *nonce, struct exchange *exchange,
    struct fault *fault) FENQI_MUST_USE;

/*
 * What a reply means. STEP_SEND: the answer was signed by a key that we lack, `exchange` fetches
 * the certificates (once). STEP_DONE: `answer` is filled. An answer that does not verify is
 * UNKNOWN.
 */
enum step wechat_continue(struct wechat_flow *flow, const struct reply *reply, struct instant now,
    const char *nonce, struct exchange *exchange, struct channel_answer *answer);

/* The request for the platform's certificates, for the regular look. */
enum status wechat_certificates(struct wechat_flow *flow, struct instant now, const char *nonce,
    struct exchange *exchange, struct fault *fault) FENQI_MUST_USE;

/*
 * Takes the keys out of an answer to wechat_certificates(); false, adding nothing, unless the
 * answer is signed by a key that we have or by one that it carries itself sealed with our APIv3
 * key.
 */
bool wechat_take_certificates(
    struct wechat_flow *flow, const struct reply *reply, struct instant now);

/* Verifies, opens and reads a notification. `config` and `keys` as of the process. */
void wechat_read_notice(const struct wechat_config *config, struct wechat_keys *keys,
    struct arena *arena, const struct channel_raw_notice *raw, struct instant now,
    struct channel_notice *notice);

/* What a transaction object (of a query or a notification) says; checks whom it is for. */
enum wechat_owner { WECHAT_OURS, WECHAT_MALFORMED, WECHAT_ELSEWHERE };
struct json_value;
enum wechat_owner wechat_read_transaction(struct arena *arena, const struct wechat_config *config,
    const struct json_value *transaction, const char **number, struct channel_answer *answer);

/* The same for a refund object; `sealed` ones (notifications) name the merchant, answers do not. */
enum wechat_owner wechat_read_refund(struct arena *arena, const struct wechat_config *config,
    const struct json_value *refund, bool sealed, const char **number,
    struct channel_answer *answer);

#endif
