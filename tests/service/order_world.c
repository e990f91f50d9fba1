/* order_world.c: a shop with a product. See order_world.h. */
#include "order_world.h"

#include "../unit/cmocka_include.h"

#include "engine/encoding.h"
#include "service/cost_table.h"
#include "service/verify_books.h"
#include "store/product.h"
#include "store/setting.h"
#include "store/shop.h"

#include <stdlib.h>
#include <string.h>

static struct instant clock_of(void *context) {
    return ((struct shop_world *)context)->clock;
}

struct run {
    shop_function function;
    void *context;
};

static enum status run_unit(struct tx *tx, void *context) {
    struct run *run = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status == STATUS_OK ? run->function(tx, moment, run->context) : status;
}

void shop_world_run(struct shop_world *world, shop_function function, void *context) {
    struct run run = {function, context};
    run_ok(world->database, run_unit, &run);
}

static enum status date_unit(struct tx *tx, void *context) {
    return setting_save_business_date(tx, *(struct day *)context);
}

void shop_world_set_date(struct shop_world *world, struct day day) {
    run_ok(world->database, date_unit, &day);
    world->clock = instant_add_seconds(day_start(day, ZONE_SHANGHAI), 10 * 3600);
}

static enum status make_shop(struct tx *tx, struct moment moment, void *context) {
    struct shop_world *world = context;
    struct shop shop = {.shop_id = world->shop_id = tx_new_id(tx, moment.now),
        .code = "test",
        .name = "测试商户",
        .webhook_url = "http://127.0.0.1:9/hook",
        .created_at = moment.now};
    struct terms terms = terms_defaults();
    terms.method = METHOD_EQUAL_INSTALMENT;
    terms.penalty.daily_rate = (struct rate){500000};
    terms.penalty.on_principal = terms.penalty.on_interest = true;
    terms.extension.max_times = 1;
    terms.extension.max_days = 14;
    terms.extension.daily_rate = (struct rate){300000};
    uint8_t bytes[TERMS_BYTES_MAX];
    struct product_term offered[] = {
        {3, {144000000}, {0}}, {6, {144000000}, {0}}, {12, {144000000}, {0}}};
    struct product product = {.code = "equal",
        .version = 1,
        .name_zh = "等额本息",
        .name_en = "Equal instalments",
        .method = METHOD_EQUAL_INSTALMENT,
        .terms = {bytes, terms_encode(&terms, bytes, sizeof bytes)},
        .min_amount = {30000},
        .max_amount = {2000000},
        .lender_zh = "出借人",
        .lender_en = "Lender",
        .active = true,
        .terms_on_offer = offered,
        .term_count = 3};
    struct product withdrawn = product;
    withdrawn.code = "withdrawn";
    withdrawn.active = false;
    enum status status = shop_insert(tx, &shop);
    if (status == STATUS_OK)
        status = product_insert(tx, &product, moment.now);
    return status == STATUS_OK ? product_insert(tx, &withdrawn, moment.now) : status;
}

int shop_world_set_up(void **state) {
    struct shop_world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    assert_true(vault_library_start());
    memset(world->vault.master_key, 7, sizeof world->vault.master_key);
    struct store_options options = {.clock = clock_of, .clock_context = world};
    world->clock = day_start(day_from_civil(2026, 3, 31), ZONE_SHANGHAI);
    world->database = database_create(&options);
    shop_world_set_date(world, day_from_civil(2026, 3, 31));
    shop_world_run(world, make_shop, world);
    *state = world;
    return 0;
}

int shop_world_tear_down(void **state) {
    struct shop_world *world = *state;
    database_destroy(world->database);
    free(world);
    return 0;
}

static const struct order_line one_phone[] = {{"手机", 1, {300000}}};

struct create_order order_command(struct shop_world *world, const char *number) {
    return (struct create_order){.vault = &world->vault,
        .shop_id = world->shop_id,
        .shop_order_no = number,
        .phone = "19900000001",
        .lines = one_phone,
        .line_count = 1,
        .amount = {300000},
        .product_code = "equal"};
}

struct placing {
    struct create_order command;
    struct create_order_answer answer;
};

static enum status place_unit(struct tx *tx, struct moment moment, void *context) {
    struct placing *placing = context;
    enum status status = create_order(tx, moment, &placing->command, &placing->answer);
    if (status == STATUS_OK && placing->answer.outcome != CREATE_ORDER_OK)
        tx_refuse(tx);
    return status;
}

struct create_order_answer place(struct shop_world *world, struct create_order command) {
    struct placing placing = {.command = command};
    shop_world_run(world, place_unit, &placing);
    return placing.answer;
}

struct showing {
    const struct order *order;
    int32_t count;
    const char *hash;
};

static enum status show_unit(struct tx *tx, struct moment moment, void *context) {
    struct showing *showing = context;
    struct product *product;
    enum status status =
        product_load(tx, showing->order->product_code, showing->order->product_version, &product);
    for (size_t i = 0; status == STATUS_OK && i < product->term_count; i++) {
        struct terms terms;
        bool valid;
        if (product->terms_on_offer[i].instalment_count != showing->count)
            continue;
        status = offer_terms(
            tx, product, showing->order->amount, i, moment.business_date, &terms, &valid);
        assert_true(valid);
        showing->hash = cost_table_build(tx_arena(tx), product, &terms).hash;
    }
    return status;
}

struct accept_checkout accept_command(
    struct shop_world *world, const struct order *order, int32_t count) {
    struct showing showing = {order, count, ""};
    shop_world_run(world, show_unit, &showing);
    return (struct accept_checkout){.token = order->checkout_token,
        .customer_id = order->customer_id,
        .instalment_count = count,
        .cost_table_hash = showing.hash,
        .read_ms = READING_LEAST_MS};
}

struct accepting {
    struct accept_checkout command;
    struct accept_checkout_answer answer;
};

static enum status accept_unit(struct tx *tx, struct moment moment, void *context) {
    struct accepting *accepting = context;
    enum status status = accept_checkout(tx, moment, &accepting->command, &accepting->answer);
    if (status == STATUS_OK && accepting->answer.outcome != ACCEPT_CHECKOUT_OK)
        tx_refuse(tx);
    return status;
}

struct accept_checkout_answer accept(struct shop_world *world, struct accept_checkout command) {
    struct accepting accepting = {.command = command};
    shop_world_run(world, accept_unit, &accepting);
    return accepting.answer;
}

struct order *accepted_order(struct shop_world *world, const char *number) {
    struct create_order_answer placed = place(world, order_command(world, number));
    assert_int_equal(placed.outcome, CREATE_ORDER_OK);
    struct accept_checkout_answer accepted = accept(world, accept_command(world, placed.order, 6));
    assert_int_equal(accepted.outcome, ACCEPT_CHECKOUT_OK);
    return accepted.order;
}

struct refunding {
    struct refund_order command;
    struct refund_order_answer answer;
};

static enum status refund_unit(struct tx *tx, struct moment moment, void *context) {
    struct refunding *refunding = context;
    enum status status = refund_order(tx, moment, &refunding->command, &refunding->answer);
    if (status == STATUS_OK && refunding->answer.outcome != REFUND_ORDER_OK)
        tx_refuse(tx);
    return status;
}

struct refund_order_answer give_back(struct shop_world *world, struct refund_order command) {
    struct refunding refunding = {.command = command};
    shop_world_run(world, refund_unit, &refunding);
    return refunding.answer;
}

struct asking {
    struct request_extension command;
    struct request_extension_answer answer;
};

static enum status ask_unit(struct tx *tx, struct moment moment, void *context) {
    struct asking *asking = context;
    enum status status = request_extension(tx, moment, &asking->command, &asking->answer);
    if (status == STATUS_OK && asking->answer.outcome != REQUEST_EXTENSION_OK)
        tx_refuse(tx);
    return status;
}

struct request_extension_answer ask(struct shop_world *world, struct request_extension command) {
    struct asking asking = {.command = command};
    shop_world_run(world, ask_unit, &asking);
    return asking.answer;
}

struct deciding {
    struct decide_extension command;
    struct decide_extension_answer answer;
};

static enum status decide_unit(struct tx *tx, struct moment moment, void *context) {
    struct deciding *deciding = context;
    enum status status = decide_extension(tx, moment, &deciding->command, &deciding->answer);
    if (status == STATUS_OK && deciding->answer.outcome != DECIDE_EXTENSION_OK)
        tx_refuse(tx);
    return status;
}

struct decide_extension_answer decide(struct shop_world *world, struct decide_extension command) {
    struct deciding deciding = {.command = command};
    shop_world_run(world, decide_unit, &deciding);
    return deciding.answer;
}

struct finding {
    const struct order *order;
    struct live_contract *contract;
};

static enum status find_unit(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct finding *finding = context;
    return load_contract(
        tx, finding->order->customer_id, finding->order->contract_id, &finding->contract);
}

struct live_contract *contract_of(struct shop_world *world, const struct order *order) {
    struct finding finding = {order, NULL};
    shop_world_run(world, find_unit, &finding);
    return finding.contract;
}

struct applying {
    const struct order *order;
    struct contract_event event;
    struct applied_event *applied;
};

static enum status apply_unit(struct tx *tx, struct moment moment, void *context) {
    struct applying *applying = context;
    struct live_contract *contract;
    enum status status =
        load_contract(tx, applying->order->customer_id, applying->order->contract_id, &contract);
    if (status == STATUS_OK)
        status = apply_contract_event(tx, moment, contract, applying->event, 1, &applying->applied);
    return status;
}

struct applied_event *apply(
    struct shop_world *world, const struct order *order, struct contract_event event) {
    struct applying applying = {order, event, NULL};
    shop_world_run(world, apply_unit, &applying);
    return applying.applied;
}

static enum status today_unit(struct tx *tx, void *context) {
    return setting_business_date(tx, context);
}

void pay(struct shop_world *world, const struct order *order, struct money amount) {
    struct day day;
    run_ok(world->database, today_unit, &day);
    struct contract_event event = {.kind = EVENT_PAYMENT_SETTLED,
        .day = day,
        .amount = amount,
        .target = TARGET_ORDER,
        .source = SOURCE_CHANNEL};
    assert_int_equal(apply(world, order, event)->outcome, APPLY_OK);
}

struct counting {
    bool mend;
    struct books_report report;
};

static enum status count_unit(struct tx *tx, void *context) {
    struct counting *counting = context;
    struct books_page page;
    enum status status = verify_customers(tx, EVERY_CUSTOMER, BOOKS_JOURNAL, &page);
    for (size_t i = 0; counting->mend && status == STATUS_OK && i < page.differing_count; i++)
        status = mend_derived(tx, page.differing[i]);
    for (const struct difference *at = page.first; at != NULL; at = at->next)
        assert_true(strlen(at->text) > 0);
    counting->report = page.report;
    return status;
}

int64_t count_differences(struct shop_world *world, bool mend) {
    struct counting counting = {.mend = mend};
    run_ok(world->database, count_unit, &counting);
    return counting.report.differences;
}
