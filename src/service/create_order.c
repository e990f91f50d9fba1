/*
 * create_order.c: a shop's order, to be accepted by the customer. See create_order.h.
 */
#include "service/create_order.h"

#include "base/check.h"
#include "base/json_write.h"
#include "codec/sha256.h"
#include "codec/text_bytes.h"
#include "service/find_or_create_customer.h"
#include "store/product.h"

#include <string.h>

bool return_url_is_valid(const char *url, bool allow_plain_http) {
    const char *rest = NULL;
    if (strncmp(url, "https://", 8) == 0) {
        rest = url + 8;
    } else if (allow_plain_http && strncmp(url, "http://", 7) == 0) {
        rest = url + 7;
    }
    if (rest == NULL || strlen(url) > 2000) {
        return false;
    }
    size_t host = strcspn(rest, "/?#");
    if (host == 0 || memchr(rest, '@', host) != NULL) {
        return false;
    }
    for (const char *at = url; *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || (unsigned char)*at >= 0x7F ||
            strchr("\"<>\\^`{|}", *at)) {
            return false;
        }
    }
    return true;
}

static const char *write_goods(struct arena *arena, const struct create_order *command) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '[');
    for (size_t i = 0; i < command->line_count; i++) {
        json_open(&json, NULL, '{');
        json_string(&json, "name", command->lines[i].name);
        json_integer(&json, "quantity", command->lines[i].quantity);
        json_money(&json, "amount_fen", command->lines[i].amount);
        json_close(&json);
    }
    json_close(&json);
    return json_text(&json);
}

/* A hash of everything that makes the order what it is; the phone number goes in keyed. */
static const char *hash_command(
    struct arena *arena, const struct create_order *command, const char *goods) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    /* What is no phone number is refused later on: nothing ever stands under such a hash. */
    bool valid = phone_is_valid(command->phone);
    json_string(&json, "phone",
        valid ? hex_write(arena, phone_hash(command->vault, command->phone, arena)) : NULL);
    json_raw(&json, "goods", goods);
    json_money(&json, "amount_fen", command->amount);
    json_string(&json, "product_code", command->product_code);
    json_string(&json, "return_url", command->return_url);
    json_close(&json);
    return sha256_hex(arena, bytes_of_text(json_text(&json)));
}

static const char *title_of(struct arena *arena, const struct create_order *command) {
    if (command->line_count == 1) {
        return command->lines[0].name;
    }
    return arena_printf(arena, "%s 等 %zu 件", command->lines[0].name, command->line_count);
}

/* 128 random bits in 32 hex characters: who has the token may see the page. */
static const char *new_token(struct tx *tx) {
    uint8_t random[16];
    tx_random(tx, random, sizeof random);
    return hex_write(tx_arena(tx), (struct bytes){random, sizeof random});
}

/* The checks after the number's, in their order. */
static enum create_order_outcome refusal_of(
    const struct create_order *command, const struct product *product) {
    int64_t sum = 0;
    for (size_t i = 0; i < command->line_count; i++) {
        sum += command->lines[i].amount.fen;
    }
    if (sum != command->amount.fen) {
        return CREATE_ORDER_GOODS_SUM_MISMATCH;
    }
    if (product == NULL) {
        return CREATE_ORDER_PRODUCT_NOT_FOUND;
    }
    if (money_compare(command->amount, product->min_amount) < 0 ||
        money_compare(command->amount, product->max_amount) > 0) {
        return CREATE_ORDER_AMOUNT_OUT_OF_RANGE;
    }
    if (!phone_is_valid(command->phone)) {
        return CREATE_ORDER_PHONE_INVALID;
    }
    if (command->return_url != NULL &&
        !return_url_is_valid(command->return_url, command->allow_plain_http)) {
        return CREATE_ORDER_RETURN_URL_INVALID;
    }
    return CREATE_ORDER_OK;
}

static enum status insert_order(struct tx *tx, struct moment moment,
    const struct create_order *command, const struct product *product, const char *goods,
    const char *body_hash, struct order **out) {
    struct arena *arena = tx_arena(tx);
    struct customer customer;
    enum status status = find_or_create_customer(
        tx, moment, command->vault, command->phone, command->name, &customer);
    if (status != STATUS_OK) {
        return status;
    }
    struct order *order = *out = ARENA_NEW(arena, struct order);
    *order = (struct order){
        .customer_id = customer.customer_id,
        .order_id = tx_new_id(tx, moment.now),
        .shop_id = command->shop_id,
        .shop_order_no = command->shop_order_no,
        .product_code = product->code,
        .product_version = product->version,
        .title = title_of(arena, command),
        .goods = goods,
        .amount = command->amount,
        .state = ORDER_PENDING,
        .placed_at = moment.now,
        .placed_on = moment.business_date,
        .expires_at = instant_add_seconds(moment.now, CHECKOUT_LIFETIME_S),
        .return_url = command->return_url,
        .checkout_token = new_token(tx),
    };
    struct shop_order_place place = {order->customer_id, order->order_id, body_hash};
    bool taken;
    status = shop_order_reserve(tx, order->shop_id, order->shop_order_no, &place, &taken);
    if (status == STATUS_OK && taken) { /* between our look and now: decide again */
        status = fault_set(tx_fault(tx), STATUS_CONFLICT, "order number taken meanwhile");
    }
    if (status == STATUS_OK) {
        status = order_insert(tx, order);
    }
    if (status == STATUS_OK) {
        status = checkout_insert(tx, order->checkout_token, order->customer_id, order->order_id);
    }
    return status;
}

enum status create_order(struct tx *tx, struct moment moment, const struct create_order *command,
    struct create_order_answer *answer) {
    check(command->line_count > 0);
    *answer = (struct create_order_answer){.outcome = CREATE_ORDER_OK};
    struct arena *arena = tx_arena(tx);
    const char *goods = write_goods(arena, command);
    const char *body_hash = hash_command(arena, command, goods);
    struct shop_order_place *place;
    enum status status = shop_order_find(tx, command->shop_id, command->shop_order_no, &place);
    if (status != STATUS_OK) {
        return status;
    }
    if (place != NULL) {
        if (strcmp(place->body_hash, body_hash) != 0) {
            answer->outcome = CREATE_ORDER_NUMBER_TAKEN;
            return STATUS_OK;
        }
        answer->repeated = true;
        return order_load(tx, place->customer_id, place->order_id, &answer->order);
    }
    struct product *product;
    status = product_newest(tx, command->product_code, &product);
    if (status != STATUS_OK) {
        return status;
    }
    answer->outcome = refusal_of(command, product);
    if (answer->outcome != CREATE_ORDER_OK) {
        return STATUS_OK;
    }
    return insert_order(tx, moment, command, product, goods, body_hash, &answer->order);
}
