/*
 * tell_shop.c: what a shop reads about its order. See tell_shop.h.
 */
#include "service/tell_shop.h"

#include "base/public_number.h"
#include "service/bell.h"
#include "store/outbox.h"
#include "store/shop.h"

#include <inttypes.h>

static const char *const event_types[] = {
    [SHOP_ORDER_ACCEPTED] = "order.accepted",
    [SHOP_ORDER_EXPIRED] = "order.expired",
    [SHOP_ORDER_SETTLED] = "order.settled",
    [SHOP_ORDER_REFUNDED] = "order.refunded",
};

void shop_order_write(struct json *json, const char *name, struct arena *arena,
    const struct order *order, enum order_status status, struct day settled_on,
    const char *public_url) {
    char number[PUBLIC_NUMBER_SIZE];
    bool pending = status == ORDER_STATUS_PENDING;
    json_open(json, name, '{');
    json_string(json, "order_id",
        public_number_write(PUBLIC_ORDER, order->customer_id, order->order_id, number));
    json_string(json, "shop_order_no", order->shop_order_no);
    json_string(json, "state", order_status_name(status));
    json_money(json, "amount_fen", order->amount);
    json_money(json, "refunded_fen", order->refunded);
    json_string(json, "product_code", order->product_code);
    if (order->instalment_count > 0) {
        json_integer(json, "instalment_count", order->instalment_count);
    } else {
        json_null(json, "instalment_count");
    }
    json_string(json, "checkout_url",
        pending && public_url != NULL
            ? arena_printf(arena, "%s/checkout/%s", public_url, order->checkout_token)
            : NULL);
    json_instant(json, "expires_at", pending ? order->expires_at : (struct instant){0});
    json_instant(json, "created_at", order->placed_at);
    json_instant(json, "accepted_at", order->accepted_at);
    json_day(json, "settled_on", settled_on);
    json_close(json);
}

enum status tell_shop(struct tx *tx, struct moment moment, enum shop_event event,
    const struct order *order, const struct terms *terms, const struct contract_state *contract) {
    struct arena *arena = tx_arena(tx);
    struct shop *shop;
    enum status status = shop_load(tx, order->shop_id, &shop);
    if (status != STATUS_OK || shop == NULL || shop->webhook_url == NULL) {
        return status;
    }
    struct due_quote *quote = NULL;
    struct day settled_on = DAY_NONE;
    if (contract != NULL) {
        quote = ARENA_NEW(arena, struct due_quote);
        struct day day = day_compare(contract->day, moment.business_date) > 0
                             ? contract->day
                             : moment.business_date;
        quote_due(terms, contract, day, quote);
        settled_on = contract->closed_day;
    }
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "type", event_types[event]);
    json_instant(&json, "timestamp", moment.now);
    shop_order_write(&json, "data", arena, order,
        order_status_of(order, moment.now, contract, quote), settled_on, NULL);
    json_close(&json);
    char *payload = arena_printf(arena, "%" PRId64 "\n%s", order->shop_id, json_text(&json));
    struct outbox_item item = {
        .customer_id = order->customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_WEBHOOK,
        .kind = event_types[event],
        .payload = bytes_of_text(payload),
        .next_try_at = moment.now,
    };
    bell_on_commit(tx, BELL_WEBHOOK);
    return outbox_insert(tx, &item, moment.now);
}
