/*
 * webhook_sender.h: sends webhooks to shops, signed by the Standard Webhooks specification.
 * Exports: struct webhook_sender_options, webhook_sender_start(), webhook_sender_stop(),
 * webhook_signature().
 *
 * Headers: webhook-id (the outbox id, the same at every try), webhook-timestamp (seconds), and
 * webhook-signature: "v1," and the base 64 of HMAC-SHA256 over "id.timestamp.body" under the shop's
 * secret. Anything but a 2xx answer within ten seconds is tried again: 5 s, 30 s, 2 min, 10 min,
 * 30 min, 1 h, 2 h, 5 h, 10 h, 14 h; then given up, for staff to send again.
 */
#ifndef FENQI_JOB_WEBHOOK_SENDER_H
#define FENQI_JOB_WEBHOOK_SENDER_H

#include "codec/vault.h"
#include "job/worker_log.h"
#include "store/store.h"

struct webhook_sender_options {
    struct store *store;
    const struct vault *vault;
    /* Other processes work on the same outbox: what they have leased is left to them. Else what a
     * killed process had in its hands goes on at once. */
    bool shared;
    struct worker_log log;
};

struct webhook_sender;
struct webhook_sender *webhook_sender_start(const struct webhook_sender_options *options);
void webhook_sender_stop(struct webhook_sender *sender);

/* "v1,BASE64". `id` and `timestamp` are as in the headers. */
const char *webhook_signature(struct arena *arena, struct bytes secret, const char *id,
    const char *timestamp, struct bytes body);

/* Seconds until the try after number `attempts`; 0: give up. */
int32_t webhook_delay_s(int32_t attempts);

/* Where a shop's webhook secret is sealed (vault_seal() with VAULT_OPERATOR and the shop's id). */
#define WEBHOOK_SECRET_LABEL "shop.webhook_secret"

#endif
