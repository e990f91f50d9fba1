/* webhook_sender.c: sends webhooks to shops. See webhook_sender.h. */
#include "job/webhook_sender.h"

#include "base/builder.h"
#include "base/check.h"
#include "channel/client.h"
#include "codec/hmac.h"
#include "codec/text_bytes.h"
#include "service/bell.h"
#include "store/outbox.h"
#include "store/shop.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 8, LEASE_S = 120, LOOK_EVERY_MS = 1000, ARENA_BLOCK = 16 * 1024 };

struct webhook_sender {
    struct webhook_sender_options options;
    atomic_bool stopping;
    pthread_t thread;
};

int32_t webhook_delay_s(int32_t attempts) {
    static const int32_t delays[] = {
        5, 30, 120, 600, 1800, 3600, 7200, 5 * 3600, 10 * 3600, 14 * 3600};
    enum { COUNT = sizeof delays / sizeof delays[0] };
    return attempts >= 1 && attempts <= COUNT ? delays[attempts - 1] : 0;
}

const char *webhook_signature(struct arena *arena, struct bytes secret, const char *id,
    const char *timestamp, struct bytes body) {
    struct builder text = builder_start(arena, body.length + 64);
    builder_printf(&text, "%s.%s.", id, timestamp);
    builder_add_n(&text, (const char *)body.at, body.length);
    uint8_t mac[HMAC_SHA256_SIZE];
    hmac_sha256(secret, builder_bytes(&text), mac);
    return arena_printf(arena, "v1,%s", base64_write(arena, (struct bytes){mac, sizeof mac}));
}

static enum status take_unit(struct tx *tx, void *context) {
    return outbox_take(tx, OUTBOX_WEBHOOK, tx_now(tx), LEASE_S, BATCH, context);
}

static enum status release_unit(struct tx *tx, void *context) {
    (void)context;
    return outbox_release(tx, OUTBOX_WEBHOOK, tx_now(tx), LEASE_S);
}

/* One webhook on its way. */
struct sending {
    const struct outbox_item *item;
    int64_t shop_id;
    struct bytes body;
    struct shop *shop;
    bool delivered;
    const char *trouble;
};

static enum status shop_unit(struct tx *tx, void *context) {
    struct sending *sending = context;
    return shop_load(tx, sending->shop_id, &sending->shop);
}

static enum status end_unit(struct tx *tx, void *context) {
    const struct sending *sending = context;
    const struct outbox_item *item = sending->item;
    bool ours;
    int32_t delay_s = webhook_delay_s(item->attempts);
    if (sending->delivered)
        return outbox_finish(tx, item, &ours);
    if (delay_s == 0)
        return outbox_give_up(tx, item, sending->trouble, &ours);
    return outbox_retry(
        tx, item, instant_add_seconds(tx_now(tx), delay_s), sending->trouble, &ours);
}

/* "shop id\nbody". */
static bool read_payload(struct arena *arena, struct sending *sending) {
    struct bytes payload = sending->item->payload;
    const uint8_t *end = memchr(payload.at, '\n', payload.length);
    if (!end)
        return false;
    size_t head = (size_t)(end - payload.at);
    sending->shop_id = strtoll(arena_text_n(arena, (const char *)payload.at, head), NULL, 10);
    sending->body = (struct bytes){end + 1, payload.length - head - 1};
    return true;
}

static void send(
    const struct webhook_sender *sender, struct arena *arena, struct sending *sending) {
    static const struct client_options timeouts = {3000, 10000};
    const struct shop *shop = sending->shop;
    struct bytes secret = {NULL, 0};
    if (!shop || !shop->webhook_url) {
        sending->delivered = true; /* the shop wants none any more */
        return;
    }
    if (shop->webhook_secret.length > 0 &&
        !vault_open(sender->options.vault, VAULT_OPERATOR, WEBHOOK_SECRET_LABEL, shop->shop_id,
            shop->webhook_secret, arena, &secret)) {
        sending->trouble = "the shop's secret does not open";
        return;
    }
    const char *id = arena_printf(arena, "msg_%lld", (long long)sending->item->outbox_id);
    const char *timestamp = arena_printf(
        arena, "%lld", (long long)(store_now(sender->options.store).us / US_PER_SECOND));
    struct exchange exchange = {.method = "POST", .url = shop->webhook_url, .body = sending->body};
    exchange_header(&exchange, "Content-Type", "application/json");
    exchange_header(&exchange, "User-Agent", "Fenqi/1 (webhooks)");
    exchange_header(&exchange, "webhook-id", id);
    exchange_header(&exchange, "webhook-timestamp", timestamp);
    exchange_header(&exchange, "webhook-signature",
        webhook_signature(arena, secret, id, timestamp, sending->body));
    struct reply *reply = ARENA_NEW(arena, struct reply);
    client_perform(arena, &timeouts, &exchange, reply);
    sending->delivered = reply->kind == REPLY_ANSWERED && reply->http_status / 100 == 2;
    if (!sending->delivered)
        sending->trouble = reply->kind == REPLY_ANSWERED
                               ? arena_printf(arena, "HTTP %d", reply->http_status)
                               : "no answer";
}

static void run_one(struct webhook_sender *sender, const struct outbox_item *item) {
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    struct sending sending = {.item = item, .trouble = "unreadable payload"};
    struct fault fault = {0};
    enum status status = STATUS_OK;
    if (read_payload(arena, &sending)) {
        status = store_read(sender->options.store, arena, shop_unit, &sending, &fault);
        if (status == STATUS_OK)
            send(sender, arena, &sending);
    }
    if (status == STATUS_OK)
        status =
            store_run(sender->options.store, item->customer_id, arena, end_unit, &sending, &fault);
    if (status != STATUS_OK)
        worker_say(&sender->options.log, "webhook_failed", fault.text);
    else if (!sending.delivered)
        worker_say(&sender->options.log, "webhook_not_delivered", sending.trouble);
}

static enum status next_unit(struct tx *tx, void *context) {
    return outbox_next_due(tx, OUTBOX_WEBHOOK, context);
}

/* Whether an item is due. Reads only: an idle sender writes nothing. */
static bool something_is_due(struct webhook_sender *sender, struct arena *arena) {
    struct instant next = {0};
    struct fault fault = {0};
    if (store_read(sender->options.store, arena, next_unit, &next, &fault) != STATUS_OK) {
        worker_say(&sender->options.log, "outbox_unreadable", fault.text);
        return false;
    }
    return next.us != 0 && instant_compare(next, store_now(sender->options.store)) <= 0;
}

static void *work(void *context) {
    struct webhook_sender *sender = context;
    FENQI_ARENA arena = arena_create(ARENA_BLOCK);
    uint64_t seen = 0;
    while (!atomic_load(&sender->stopping)) {
        arena_reset(arena);
        if (!something_is_due(sender, arena)) {
            bell_wait(BELL_WEBHOOK, &seen, LOOK_EVERY_MS);
            continue;
        }
        struct outbox_batch batch = {0};
        struct fault fault = {0};
        if (store_run(sender->options.store, STORE_NO_KEY, arena, take_unit, &batch, &fault) !=
            STATUS_OK) {
            worker_say(&sender->options.log, "outbox_take_failed", fault.text);
            bell_wait(BELL_WEBHOOK, &seen, LOOK_EVERY_MS);
            continue;
        }
        for (size_t i = 0; i < batch.count && !atomic_load(&sender->stopping); i++)
            run_one(sender, &batch.items[i]);
    }
    return NULL;
}

struct webhook_sender *webhook_sender_start(const struct webhook_sender_options *options) {
    struct webhook_sender *sender = calloc(1, sizeof *sender);
    check(sender);
    sender->options = *options;
    client_start();
    struct fault fault = {0};
    if (!options->shared &&
        store_run(options->store, STORE_NO_KEY, NULL, release_unit, NULL, &fault) != STATUS_OK)
        worker_say(&options->log, "outbox_release_failed", fault.text);
    check(pthread_create(&sender->thread, NULL, work, sender) == 0);
    return sender;
}

void webhook_sender_stop(struct webhook_sender *sender) {
    if (!sender)
        return;
    atomic_store(&sender->stopping, true);
    bell_ring(BELL_WEBHOOK);
    pthread_join(sender->thread, NULL);
    free(sender);
}
