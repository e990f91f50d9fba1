/* test_staff.c: what staff search for and ask for, over a real database. */
#include "../unit/cmocka_include.h"
#include "order_world.h"

#include "service/find_for_staff.h"
#include "service/request_day_end.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- search ---- */

struct searching {
    struct shop_world *world;
    const char *query;
    struct staff_hit hits[STAFF_HITS_MAX];
    size_t count;
};

static enum status search_unit(struct tx *tx, struct moment moment, void *context) {
    struct searching *searching = context;
    return find_for_staff(
        tx, moment, &searching->world->vault, searching->query, searching->hits, &searching->count);
}

static struct searching find(struct shop_world *world, const char *query) {
    struct searching searching = {.world = world, .query = query};
    shop_world_run(world, search_unit, &searching);
    return searching;
}

static void test_whole_numbers_find_their_customer(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "SHOP-1");
    shop_world_set_date(world, day_from_civil(2026, 5, 3));
    const char *phone = order_command(world, "x").phone;
    struct searching found = find(world, phone);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.hits[0].match, STAFF_MATCH_PHONE);
    assert_int_equal(found.hits[0].customer.customer_id, order->customer_id);
    assert_null(found.hits[0].number);
    assert_true(found.hits[0].overdue.fen > 0);
    char number[PUBLIC_NUMBER_SIZE];
    public_number_write(PUBLIC_ORDER, order->customer_id, order->order_id, number);
    char typed[PUBLIC_NUMBER_SIZE + 3] = " ";
    for (size_t i = 0; i <= strlen(number); i++)
        typed[i + 1] = (char)tolower((unsigned char)number[i]);
    typed[strlen(typed)] = ' '; /* the array ends in zeros */
    found = find(world, typed);
    assert_int_equal(found.count, 1);
    assert_int_equal(found.hits[0].match, STAFF_MATCH_ORDER);
    assert_string_equal(found.hits[0].number, number);
    found = find(world, "SHOP-1");
    assert_int_equal(found.count, 1);
    assert_int_equal(found.hits[0].match, STAFF_MATCH_SHOP_ORDER);
    assert_string_equal(found.hits[0].number, number);
}

static void test_parts_and_strangers_find_nobody(void **state) {
    struct shop_world *world = *state;
    struct order *order = accepted_order(world, "SHOP-1");
    char number[PUBLIC_NUMBER_SIZE];
    const char *phone = order_command(world, "x").phone;
    assert_int_equal(find(world, phone + 7).count, 0);
    assert_int_equal(find(world, "19812345678").count, 0);
    assert_int_equal(find(world, "SHOP").count, 0);
    assert_int_equal(find(world, "%").count, 0);
    /* a right number of a kind that does not exist, and of somebody who does not */
    public_number_write(PUBLIC_ORDER, order->customer_id, order->order_id + 1, number);
    assert_int_equal(find(world, number).count, 0);
    public_number_write(PUBLIC_ORDER, order->customer_id + 1, order->order_id, number);
    assert_int_equal(find(world, number).count, 0);
    public_number_write(PUBLIC_PAYMENT, order->customer_id, order->order_id, number);
    assert_int_equal(find(world, number).count, 0);
    public_number_write(PUBLIC_EXTENSION_REQUEST, order->customer_id, order->order_id, number);
    assert_int_equal(find(world, number).count, 0);
}

/* ---- the day-end is asked for ---- */

struct wish {
    struct day day;
    enum request_day_end_outcome outcome;
    struct day stands;
};

static enum status wish_unit(struct tx *tx, struct moment moment, void *context) {
    struct wish *wish = context;
    enum status status = request_day_end(tx, moment, wish->day, &wish->outcome);
    return status == STATUS_OK ? requested_day_end(tx, &wish->stands) : status;
}

static enum status clear_unit(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    const struct day *day = context;
    return clear_day_end_request(tx, *day);
}

static void test_day_end_refusals_in_order(void **state) {
    struct shop_world *world = *state;
    struct day today = day_from_civil(2026, 3, 31);
    struct wish wish = {.day = day_add(today, -1)};
    shop_world_run(world, wish_unit, &wish);
    assert_int_equal(wish.outcome, REQUEST_DAY_END_OUT_OF_RANGE);
    assert_true(day_is_none(wish.stands));
    wish.day = day_add(today, DAY_END_DAYS_MOST + 1);
    shop_world_run(world, wish_unit, &wish);
    assert_int_equal(wish.outcome, REQUEST_DAY_END_OUT_OF_RANGE);
    assert_int_equal(
        database_number(world->database, "SELECT count(*) FROM event_log WHERE kind = 'd'"), 0);
    wish.day = day_add(today, DAY_END_DAYS_MOST);
    shop_world_run(world, wish_unit, &wish);
    assert_int_equal(wish.outcome, REQUEST_DAY_END_OK);
    assert_int_equal(day_compare(wish.stands, wish.day), 0);
    /* one wish at a time, and that is said before anything about the day */
    wish.day = day_add(today, -1);
    shop_world_run(world, wish_unit, &wish);
    assert_int_equal(wish.outcome, REQUEST_DAY_END_RUNNING);
    shop_world_run(world, clear_unit, &today); /* not the day that was asked for */
    shop_world_run(world, wish_unit, &wish);
    assert_int_equal(wish.outcome, REQUEST_DAY_END_RUNNING);
    shop_world_run(world, clear_unit, &wish.stands);
    wish.day = today;
    shop_world_run(world, wish_unit, &wish);
    assert_int_equal(wish.outcome, REQUEST_DAY_END_OK);
    assert_int_equal(
        database_number(world->database, "SELECT count(*) FROM event_log WHERE kind = 'd'"), 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            test_whole_numbers_find_their_customer, shop_world_set_up, shop_world_tear_down),
        cmocka_unit_test_setup_teardown(
            test_parts_and_strangers_find_nobody, shop_world_set_up, shop_world_tear_down),
        cmocka_unit_test_setup_teardown(
            test_day_end_refusals_in_order, shop_world_set_up, shop_world_tear_down),
    };
    return cmocka_run_group_tests_name("service_staff", tests, NULL, NULL);
}
