/*
 * test_order_screen.c: what the list of orders and one order's screen load: two statements beside
 * the session's, however many orders, payments and cards there are, and the same as is stored.
 */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "api/order_money.h"
#include "service/load_account.h"
#include "service/set_autopay.h"
#include "store/notice.h"
#include "store/product.h"
#include "store/shop.h"

#include <stdio.h>
#include <string.h>

/* The shop and the product that the world's orders name: a screen shows both. */
static enum status make_shop(struct tx *tx, struct moment moment, void *context) {
    (void)context;
    static const uint8_t terms[] = {1};
    struct shop shop = {.shop_id = 7,
        .code = "shop",
        .name = "店",
        .webhook_secret = {terms, sizeof terms},
        .created_at = moment.now};
    struct product product = {.code = "equal",
        .version = 1,
        .name_zh = "等额本息",
        .name_en = "Equal instalments",
        .terms = {terms, sizeof terms},
        .min_amount = {30000},
        .max_amount = {2000000},
        .lender_zh = "出借人",
        .lender_en = "Lender",
        .active = true};
    enum status status = shop_insert(tx, &shop);
    return status == STATUS_OK ? product_insert(tx, &product, moment.now) : status;
}

static enum status switch_on(struct tx *tx, struct moment moment, void *context) {
    const struct world *world = context;
    const int64_t ids[] = {0, world->card_id}; /* the credit balance first */
    struct set_autopay command = {.customer_id = world->customer_id,
        .mode = world->rails.mode,
        .version = 0,
        .enabled = true,
        .source_ids = ids,
        .source_count = 2,
        .consent_version = AUTOPAY_CONSENT_VERSION};
    enum set_autopay_outcome outcome;
    enum status status = set_autopay(tx, moment, &command, &outcome);
    assert_int_equal(outcome, SET_AUTOPAY_OK);
    return status;
}

struct screen {
    int64_t customer_id, order_id;
    struct moment moment;
    struct order_money money;
};

static enum status load(struct tx *tx, void *context) {
    struct screen *screen = context;
    enum status status = tx_moment(tx, &screen->moment);
    return status != STATUS_OK ? status
                               : load_order_money(tx, screen->moment, screen->customer_id,
                                     screen->order_id, &screen->money);
}

/* Loads the screen (order_id 0: the list) and counts; one statement is the date's. */
static struct order_money *look(struct world *world, int64_t order_id) {
    struct arena *arena = world->database->arena;
    struct screen *screen = ARENA_NEW(arena, struct screen);
    *screen = (struct screen){.customer_id = world->customer_id, .order_id = order_id};
    struct store *store = world->database->store;
    struct fault fault = {0};
    int64_t before = store_counters(store).read_statements;
    if (store_read(store, arena, load, screen, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(store_counters(store).read_statements - before, 1 + 2);
    return &screen->money;
}

static void test_three_statements(void **state) {
    struct world *world = *state;
    int64_t second;
    assert_int_equal(world_run(world, make_shop, NULL), STATUS_OK);
    world_add_contract(world, world_date(world), &second);
    world_set_balance(world, (struct money){12345});
    assert_int_equal(world_run(world, switch_on, world), STATUS_OK);
    /* one payment that succeeds, one that stays on its way */
    world->channel = world_play;
    world->answer_state = CHANNEL_SUCCEEDED;
    struct take_payment_answer paid = world_take(world, world_command(world));
    assert_int_equal(paid.outcome, TAKE_PAYMENT_OK);
    work_once(world);
    struct take_payment next = world_command(world);
    next.purpose.kind = PURPOSE_SETTLE;
    next.purpose.order_ids = &world->order_id;
    next.purpose.order_count = 1;
    next.expected = world_quote(world, &next);
    struct take_payment_answer waiting = world_take(world, next);
    assert_int_equal(waiting.outcome, TAKE_PAYMENT_OK);

    const struct order_money *list = look(world, 0);
    assert_int_equal(list->view_count, 2);
    assert_true(list->views[0].row->order.order_id > list->views[1].row->order.order_id);
    assert_int_equal(list->file.credit_balance.fen, 12345);
    assert_int_equal(list->live_count, 1);
    assert_int_equal(list->live[0].payment->payment_id, waiting.payment->payment_id);
    assert_int_equal(list->live[0].source->funding_source_id, world->card_id);
    assert_string_equal(list->live[0].orders[0]->title, list->views[1].row->order.title);
    assert_true(list->autopay.settings.enabled);
    assert_int_equal(list->autopay.choice_count, 2);
    assert_null(list->autopay.choices[0].source);
    assert_int_equal(list->autopay.choices[1].source->funding_source_id, world->card_id);
    assert_true(list->autopay.day_count > 0);
    assert_int_equal(list->autopay.days[list->autopay.day_count - 1].plan_count, 2);
    assert_int_equal(list->file.unread_messages, 0);

    const struct order_money *detail = look(world, world->order_id);
    assert_int_equal(detail->view->row->order.order_id, world->order_id);
    assert_int_equal(detail->latest_count, 2);
    assert_int_equal(detail->latest[0].payment->payment_id, waiting.payment->payment_id);
    assert_int_equal(detail->latest[1].payment->payment_id, paid.payment->payment_id);
    assert_true(detail->instalment_count > 0);
    assert_int_equal(detail->instalments[0].payment_id, paid.payment->payment_id);
    assert_int_equal(detail->autopay.day_count, list->autopay.day_count);
    assert_int_equal(detail->autopay.days[0].amount.fen, list->autopay.days[0].amount.fen);
    /* the other order has none of them */
    assert_int_equal(look(world, second)->latest_count, 0);
}

enum { OVER = 300, PAGE = 10 };

/* Orders that nobody accepted in time, between and after those that stand. */
static enum status add_cancelled(struct tx *tx, struct moment moment, void *context) {
    const struct world *world = context;
    enum status status = STATUS_OK;
    for (int i = 0; i < OVER && status == STATUS_OK; i++) {
        char token[32];
        snprintf(token, sizeof token, "token-%d", i);
        struct order order = {.customer_id = world->customer_id,
            .order_id = tx_new_id(tx, moment.now),
            .shop_id = 7,
            .shop_order_no = token,
            .product_code = "equal",
            .product_version = 1,
            .title = "x",
            .goods = "[]",
            .amount = {100},
            .state = ORDER_CANCELLED,
            .placed_at = moment.now,
            .placed_on = moment.business_date,
            .expires_at = moment.now,
            .checkout_token = token};
        status = order_insert(tx, &order);
    }
    return status;
}

struct page {
    int64_t customer_id;
    struct order_wish wish;
    struct order_money money;
};

static enum status load_page(struct tx *tx, void *context) {
    struct page *page = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status != STATUS_OK
               ? status
               : load_order_page(tx, moment, page->customer_id, &page->wish, &page->money);
}

/* The page below `before_id`; its statements, two and the date's, are the same at any depth. */
static struct page *turn(struct world *world, int64_t before_id) {
    struct page *page = ARENA_NEW(world->database->arena, struct page);
    *page = (struct page){
        .customer_id = world->customer_id, .wish = {.before_id = before_id, .limit = PAGE}};
    struct fault fault = {0};
    int64_t before = store_counters(world->database->store).read_statements;
    if (store_read(world->database->store, world->database->arena, load_page, page, &fault) !=
        STATUS_OK)
        fail_msg("%s", fault.text);
    assert_int_equal(store_counters(world->database->store).read_statements - before, 1 + 2);
    return page;
}

/* Order 301 from the top costs what the first does: those that owe, and the rows of one page. */
static void test_every_page_costs_the_same(void **state) {
    struct world *world = *state;
    int64_t second;
    assert_int_equal(world_run(world, make_shop, NULL), STATUS_OK);
    assert_int_equal(world_run(world, add_cancelled, world), STATUS_OK);
    world_add_contract(world, world_date(world), &second);
    int64_t before_id = INT64_MAX, seen = 0, pages = 0;
    bool more = true;
    while (more) {
        const struct page *page = turn(world, before_id);
        int64_t of_page = 0, over = 0;
        more = false;
        for (size_t i = 0; i < page->money.view_count; i++)
            over += page->money.views[i].state == NULL;
        for (size_t i = 0; i < page->money.view_count; i++) {
            const struct order_view *view = &page->money.views[i];
            if (view->row->order.order_id >= before_id)
                continue;
            more = of_page == PAGE;
            if (more)
                break;
            of_page++;
            seen++;
            before_id = view->row->order.order_id;
        }
        pages++;
        assert_int_equal(page->money.view_count - (size_t)over, 2); /* what stands, on every page */
        assert_true(over <= PAGE + 1);
        assert_int_equal(of_page, more ? PAGE : (OVER + 2) % PAGE);
        struct orders_summary summary;
        summarise_order_list(
            page->money.views, page->money.view_count, &page->money.over, &summary);
        assert_int_equal(summary.all, OVER + 2);
        assert_int_equal(summary.counts[ORDER_STATUS_CANCELLED], OVER);
        assert_int_equal(page->money.autopay.day_count, turn(world, 1)->money.autopay.day_count);
    }
    assert_int_equal(seen, OVER + 2);
    assert_int_equal(pages, OVER / PAGE + 1);
}

static void test_a_page_of_one_status(void **state) {
    struct world *world = *state;
    assert_int_equal(world_run(world, make_shop, NULL), STATUS_OK);
    assert_int_equal(world_run(world, add_cancelled, world), STATUS_OK);
    static const enum order_status every[] = {ORDER_STATUS_OVERDUE, ORDER_STATUS_DUE,
        ORDER_STATUS_RUNNING, ORDER_STATUS_PENDING, ORDER_STATUS_SETTLED, ORDER_STATUS_REFUNDED,
        ORDER_STATUS_CANCELLED};
    for (size_t i = 0; i < sizeof every / sizeof every[0]; i++) {
        struct page page = {.customer_id = world->customer_id,
            .wish = {INT64_MAX, PAGE, .by_status = true, .status = every[i]}};
        struct fault fault = {0};
        assert_int_equal(
            store_read(world->database->store, world->database->arena, load_page, &page, &fault),
            STATUS_OK);
        size_t fitting = 0;
        for (size_t j = 0; j < page.money.view_count; j++)
            fitting += page.money.views[j].status == ORDER_STATUS_CANCELLED;
        assert_int_equal(fitting, every[i] == ORDER_STATUS_CANCELLED ? PAGE + 1 : 0);
        assert_int_equal(page.money.view_count - fitting, 1); /* the one that stands */
    }
}

/* What the other screens load, each beside the session's one statement. */
struct other {
    struct world *world;
    struct payment_view *payments;
    struct notice *notices;
    size_t count;
    int64_t unread;
    struct account account;
};

static enum status load_payments(struct tx *tx, void *context) {
    struct other *other = context;
    return load_payment_rows(
        tx, other->world->customer_id, 0, 0, INT64_MAX, 50, &other->payments, &other->count);
}

static enum status load_notices(struct tx *tx, void *context) {
    struct other *other = context;
    enum status status =
        notice_list(tx, other->world->customer_id, INT64_MAX, 50, &other->notices, &other->count);
    return status == STATUS_OK ? notice_count_unread(tx, other->world->customer_id, &other->unread)
                               : status;
}

static enum status load_own_account(struct tx *tx, void *context) {
    struct other *other = context;
    return load_account(tx, &other->world->vault, other->world->customer_id, &other->account);
}

/* Runs and counts. */
static int64_t counted(struct other *other, unit_function function) {
    struct store *store = other->world->database->store;
    struct fault fault = {0};
    int64_t before = store_counters(store).read_statements;
    if (store_read(store, other->world->database->arena, function, other, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    return store_counters(store).read_statements - before;
}

static void test_other_screens(void **state) {
    struct world *world = *state;
    int64_t second;
    assert_int_equal(world_run(world, make_shop, NULL), STATUS_OK);
    world_add_contract(world, world_date(world), &second);
    world_set_balance(world, (struct money){12345});
    world->channel = world_play;
    world->answer_state = CHANNEL_SUCCEEDED;
    const int64_t orders[] = {world->order_id, second};
    for (size_t i = 0; i < 2; i++) {
        struct take_payment command = world_command(world);
        command.purpose.kind = PURPOSE_SETTLE;
        command.purpose.order_ids = &orders[i];
        command.purpose.order_count = 1;
        command.expected = world_quote(world, &command);
        assert_int_equal(world_take(world, command).outcome, TAKE_PAYMENT_OK);
        work_once(world);
    }
    struct other other = {.world = world};
    assert_int_equal(counted(&other, load_payments), 2);
    assert_int_equal(other.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(other.payments[i].order_count, 1);
        assert_int_equal(other.payments[i].orders[0]->order_id, orders[1 - i]);
        assert_int_equal(other.payments[i].source->funding_source_id, world->card_id);
        assert_non_null(other.payments[i].source->tail);
    }
    assert_true(counted(&other, load_notices) <= 2);
    assert_true(other.count >= 2);
    assert_int_equal(counted(&other, load_own_account), 2);
    assert_int_equal(other.account.credit_balance.fen, 12345);
    assert_int_equal(other.account.unread_notices, other.unread);
}

static void test_no_such_order(void **state) {
    struct world *world = *state;
    struct screen screen = {.customer_id = world->customer_id, .order_id = 1};
    struct fault fault = {0};
    assert_int_equal(
        store_read(world->database->store, world->database->arena, load, &screen, &fault),
        STATUS_OK);
    assert_null(screen.money.view);
    screen = (struct screen){.customer_id = world->customer_id + 1, .order_id = world->order_id};
    assert_int_equal(
        store_read(world->database->store, world->database->arena, load, &screen, &fault),
        STATUS_OK);
    assert_null(screen.money.view);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_three_statements, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(
            test_every_page_costs_the_same, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(test_other_screens, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(test_a_page_of_one_status, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(test_no_such_order, world_set_up, world_tear_down),
    };
    return cmocka_run_group_tests_name("service_order_screen", tests, NULL, NULL);
}
