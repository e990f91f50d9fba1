/* template.c: contracts made by the real use cases. See template.h. */
#include "template.h"

#include "base/check.h"
#include "engine/encoding.h"
#include "service/accept_checkout.h"
#include "service/close_contract_day.h"
#include "service/cost_table.h"
#include "service/create_order.h"
#include "service/create_shop.h"
#include "service/find_or_create_customer.h"

#include <stdio.h>

enum {
    INSTALMENT_COUNT = 12,
    ENTRIES_MOST = 100,
    MORNING_S = 9 * 3600,
    PRICE_LEAST_FEN = 1200000,
    PRICE_STEP_FEN = 3700,
};

static const char product_code[] = "equal-1440";

void phone_of(int64_t number, char phone[12]) {
    check(number >= 0 && number < 1000000000);
    snprintf(phone, 12, "19%09d", (int)number);
}

static enum status refused(struct tx *tx, const char *what, int outcome) {
    return fault_set(tx_fault(tx), STATUS_CORRUPT, "portfolio: %s was refused (%d)", what, outcome);
}

static enum status make_product(struct tx *tx, struct moment moment) {
    struct terms terms = terms_defaults();
    terms.method = METHOD_EQUAL_INSTALMENT;
    terms.penalty.daily_rate = (struct rate){500000}; /* 0.05 % */
    terms.penalty.on_principal = terms.penalty.on_interest = true;
    uint8_t bytes[TERMS_BYTES_MAX];
    size_t length = terms_encode(&terms, bytes, sizeof bytes);
    check(length > 0);
    struct product_term offered[] = {{INSTALMENT_COUNT, {144000000}, {0}}};
    struct product product = {
        .code = product_code,
        .version = 1,
        .name_zh = "等额本息",
        .name_en = "Equal instalments",
        .method = METHOD_EQUAL_INSTALMENT,
        .terms = {bytes, length},
        .min_amount = {30000},
        .max_amount = {5000000},
        .lender_zh = "出借人",
        .lender_en = "Lender",
        .active = true,
        .terms_on_offer = offered,
        .term_count = 1,
    };
    return product_insert(tx, &product, moment.now);
}

enum status shop_floor_make(struct tx *tx, struct moment moment, struct shop_floor *floor) {
    struct new_shop command = {.code = "bench", .name = "商户", .key_prefix = "fenqi_test_"};
    struct shop_secrets secrets;
    bool taken;
    enum status status = create_shop(tx, moment, floor->vault, &command, &secrets, &taken);
    if (status == STATUS_OK && taken)
        status = fault_set(tx_fault(tx), STATUS_CONFLICT, "this database has a portfolio already");
    floor->shop_id = secrets.shop_id;
    return status == STATUS_OK ? make_product(tx, moment) : status;
}

/* ---- the life of one ---- */

static enum status place_order(struct tx *tx, const struct shop_floor *floor, int32_t number,
    struct moment moment, struct order **order) {
    char phone[12];
    phone_of(number, phone);
    struct money price = {PRICE_LEAST_FEN + PRICE_STEP_FEN * number};
    struct order_line line = {"山水 X3 手机 256GB 曜石黑", 1, price};
    struct create_order command = {
        .vault = floor->vault,
        .shop_id = floor->shop_id,
        .shop_order_no = arena_printf(tx_arena(tx), "T%06d", number),
        .phone = phone,
        .name = "王小明",
        .lines = &line,
        .line_count = 1,
        .amount = price,
        .product_code = product_code,
        .return_url = "https://shop.example/orders",
    };
    struct create_order_answer answer;
    enum status status = create_order(tx, moment, &command, &answer);
    if (status == STATUS_OK && answer.outcome != CREATE_ORDER_OK)
        status = refused(tx, "an order", (int)answer.outcome);
    *order = answer.order;
    return status;
}

static enum status accept_order(struct tx *tx, struct moment moment, const struct order *order) {
    struct product *product;
    enum status status = product_load(tx, order->product_code, order->product_version, &product);
    struct terms terms;
    bool valid;
    if (status == STATUS_OK)
        status = offer_terms(tx, product, order->amount, 0, moment.business_date, &terms, &valid);
    if (status != STATUS_OK)
        return status;
    check(valid);
    struct accept_checkout command = {
        .token = order->checkout_token,
        .customer_id = order->customer_id,
        .instalment_count = INSTALMENT_COUNT,
        .cost_table_hash = cost_table_build(tx_arena(tx), product, &terms).hash,
        .read_ms = READING_LEAST_MS + 2000,
    };
    struct accept_checkout_answer answer;
    status = accept_checkout(tx, moment, &command, &answer);
    if (status == STATUS_OK && answer.outcome != ACCEPT_CHECKOUT_OK)
        status = refused(tx, "an acceptance", (int)answer.outcome);
    return status;
}

static struct moment morning_of(struct day day) {
    return (struct moment){instant_add_seconds(day_start(day, ZONE_SHANGHAI), MORNING_S), day};
}

static enum status live_days(struct tx *tx, struct day start, struct day until,
    const struct template *template, int64_t contract_id) {
    static const day_step steps[] = {cross_contract, remind_customer, collect_contract};
    enum status status = STATUS_OK;
    for (struct day day = day_add(start, 1); status == STATUS_OK && day_compare(day, until) <= 0;
         day = day_add(day, 1)) {
        struct day_context context = {.mode = CHANNEL_MODE_TEST};
        status = close_contract_day(tx, morning_of(day), template->customer_id, contract_id, steps,
            sizeof steps / sizeof steps[0], &context);
    }
    return status;
}

enum status template_make(struct tx *tx, const struct shop_floor *floor, int32_t number,
    struct day start, struct day until, struct template *template) {
    *template = (struct template){0};
    struct order *order;
    enum status status = place_order(tx, floor, number, morning_of(start), &order);
    if (status == STATUS_OK)
        status = accept_order(tx, morning_of(start), order);
    if (status != STATUS_OK)
        return status;
    template->customer_id = order->customer_id;
    status = order_load(tx, order->customer_id, order->order_id, &order);
    return status == STATUS_OK ? live_days(tx, start, until, template, order->contract_id) : status;
}

enum status template_load(struct tx *tx, struct template *template) {
    int64_t customer_id = template->customer_id;
    struct live_contract **contracts;
    size_t count;
    enum status status = load_contracts(tx, customer_id, &contracts, &count);
    if (status != STATUS_OK)
        return status;
    check(count == 1);
    template->contract = contracts[0];
    template->first_due = contracts[0]->state.instalments[0].due_day;
    int64_t contract_id = template->contract->stored->contract_id;
    status = order_load(tx, customer_id, template->contract->stored->order_id, &template->order);
    if (status == STATUS_OK)
        status = cost_table_load(tx, customer_id, contract_id, &template->table);
    if (status == STATUS_OK)
        status = stored_event_list(
            tx, customer_id, contract_id, &template->events, &template->event_count);
    if (status == STATUS_OK)
        status = journal_walk(tx, (struct journal_key){customer_id, contract_id, 0}, ENTRIES_MOST,
            &template->entries);
    return status;
}
