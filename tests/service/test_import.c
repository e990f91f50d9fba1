/* test_import.c: order files: what is refused, where and why, and that a file is taken whole. */
#include "../unit/cmocka_include.h"
#include "order_world.h"

#include "service/import_orders.h"

#include <string.h>

#define HEADER                                                                                     \
    "shop_code,shop_order_no,phone,customer_name,goods,quantity,amount_yuan,product_code\n"
#define GOOD "test,A1,19900000011,李示例,\"手机, 黑\",1,3999.00,equal\n"

struct importing {
    const struct vault *vault;
    struct import_orders import;
};

static enum status import_unit(struct tx *tx, struct moment moment, void *context) {
    struct importing *importing = context;
    enum status status = import_orders(tx, moment, importing->vault, &importing->import);
    if (status == STATUS_OK && importing->import.problem_count > 0)
        tx_refuse(tx);
    return status;
}

/* Reads and, when nothing is wrong with the file, imports. */
static struct import_orders import_bytes(struct shop_world *world, struct bytes file) {
    struct importing importing = {.vault = &world->vault};
    read_import(world->database->arena, file, &importing.import);
    if (importing.import.problem_count == 0)
        shop_world_run(world, import_unit, &importing);
    return importing.import;
}

static struct import_orders import_text(struct shop_world *world, const char *text) {
    return import_bytes(world, bytes_of_text(text));
}

static long long order_count(struct shop_world *world) {
    return database_number(world->database, "SELECT count(*) FROM orders");
}

static void test_importing_twice_changes_nothing(void **state) {
    struct shop_world *world = *state;
    const char *file = HEADER GOOD "test,A2,19900000012,,平板,2,1299,equal\n";
    struct import_orders first = import_text(world, file);
    assert_int_equal(first.problem_count, 0);
    assert_int_equal(first.created_count, 2);
    struct import_orders again = import_text(world, file);
    assert_int_equal(again.created_count, 0);
    assert_int_equal(again.unchanged_count, 2);
    assert_int_equal(order_count(world), 2);
    assert_int_equal(database_number(world->database,
                         "SELECT amount_fen FROM orders WHERE shop_order_no = 'A1'"),
        399900);
}

static void test_a_mark_and_crlf_change_nothing(void **state) {
    struct shop_world *world = *state;
    assert_int_equal(import_text(world, HEADER GOOD).created_count, 1);
    struct import_orders marked = import_text(world,
        "\xEF\xBB\xBFshop_code,shop_order_no,phone,customer_name,goods,quantity,amount_yuan,"
        "product_code\r\ntest,A1,19900000011,李示例,\"手机, 黑\",1,3999.00,equal\r\n");
    assert_int_equal(marked.problem_count, 0);
    assert_int_equal(marked.unchanged_count, 1);
    /* other order of columns, without the name: the same order */
    struct import_orders turned =
        import_text(world, "product_code,amount_yuan,quantity,goods,phone,shop_order_no,shop_code\n"
                           "equal,3999,1,\"手机, 黑\",19900000011,A1,test\n");
    assert_int_equal(turned.unchanged_count, 1);
}

struct bad_row {
    const char *text;
    int64_t line;
    int32_t column;
    const char *column_name;
};

static void test_each_bad_cell_is_named(void **state) {
    struct shop_world *world = *state;
    static const struct bad_row rows[] = {
        {"", 1, 0, ""},
        {"shop_code,colour\n", 1, 2, "colour"},
        {HEADER ",A1,19900000011,,手机,1,3999,equal\n", 2, 1, "shop_code"},
        {HEADER "test,A 1,19900000011,,手机,1,3999,equal\n", 2, 2, "shop_order_no"},
        {HEADER "test,,19900000011,,手机,1,3999,equal\n", 2, 2, "shop_order_no"},
        {HEADER "test,A1,1.99E+10,,手机,1,3999,equal\n", 2, 3, "phone"},
        {HEADER "test,A1,29900000011,,手机,1,3999,equal\n", 2, 3, "phone"},
        {HEADER "test,A1,19900000011,,,1,3999,equal\n", 2, 5, "goods"},
        {HEADER "test,A1,19900000011,,\"手\n机\",1,3999,equal\n", 2, 5, "goods"},
        {HEADER "test,A1,19900000011,,手机,0,3999,equal\n", 2, 6, "quantity"},
        {HEADER "test,A1,19900000011,,手机,+1,3999,equal\n", 2, 6, "quantity"},
        {HEADER "test,A1,19900000011,,手机,10000,3999,equal\n", 2, 6, "quantity"},
        {HEADER "test,A1,19900000011,,手机,1,0,equal\n", 2, 7, "amount_yuan"},
        {HEADER "test,A1,19900000011,,手机,1,-1,equal\n", 2, 7, "amount_yuan"},
        {HEADER "test,A1,19900000011,,手机,1,\"3,999.00\",equal\n", 2, 7, "amount_yuan"},
        {HEADER "test,A1,19900000011,,手机,1,3999.001,equal\n", 2, 7, "amount_yuan"},
        {HEADER "test,A1,19900000011,,手机,1,9007199254740992,equal\n", 2, 7, "amount_yuan"},
        {HEADER "test,A1,19900000011,,手机,1,3999,\n", 2, 8, "product_code"},
        {HEADER GOOD "test,A2,19900000011\n", 3, 0, ""},
        {HEADER GOOD "\n\ntest,A1,19900000012,,手机,1,3999,equal\n", 5, 2, "shop_order_no"},
        {HEADER "test,A1,19900000011,\xC0\xEE,手机,1,3999,equal\n", 2, 4, ""},
        {HEADER "test,A1,19900000011,,手\"机,1,3999,equal\n", 2, 5, ""},
        /* refused by the use case */
        {HEADER GOOD "nowhere,A2,19900000012,,手机,1,3999,equal\n", 3, 0, "shop_code"},
        {HEADER GOOD "test,A2,19900000012,,手机,1,3999,nothing\n", 3, 0, "product_code"},
        {HEADER GOOD "test,A2,19900000012,,手机,1,99.99,equal\n", 3, 0, "amount_yuan"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct import_orders import = import_text(world, rows[i].text);
        if (import.problem_count == 0)
            print_error("row %zu was taken\n", i);
        assert_true(import.problem_count >= 1);
        const struct import_problem *problem = &import.problems[0];
        assert_int_equal(problem->line, rows[i].line);
        assert_int_equal(problem->column, rows[i].column);
        assert_true(strlen(problem->reason_zh) > 0 && strlen(problem->reason_en) > 0);
        if (i > 1) /* a header lacks more than one column */
            assert_string_equal(problem->column_name, rows[i].column_name);
        assert_int_equal(order_count(world), 0);
    }
    assert_int_equal(database_number(world->database, "SELECT count(*) FROM customer"), 0);
}

static void test_another_order_under_the_number_is_a_bad_row(void **state) {
    struct shop_world *world = *state;
    assert_int_equal(import_text(world, HEADER GOOD).created_count, 1);
    struct import_orders other =
        import_text(world, HEADER "test,A3,19900000013,,耳机,1,999,equal\n"
                                  "test,A1,19900000011,,手机,1,4000.00,equal\n");
    assert_int_equal(other.problem_count, 1);
    assert_int_equal(other.problems[0].line, 3);
    assert_string_equal(other.problems[0].column_name, "shop_order_no");
    assert_int_equal(order_count(world), 1); /* A3 was not kept either */
}

static void test_gbk_says_so(void **state) {
    struct shop_world *world = *state;
    struct import_orders import =
        import_text(world, HEADER "test,A1,19900000011,\xC0\xEE\xCA\xBE,x,1,3999,equal\n");
    assert_non_null(strstr(import.problems[0].reason_zh, "GBK"));
    assert_non_null(strstr(import.problems[0].reason_en, "GBK"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_world_set_up, shop_world_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_importing_twice_changes_nothing),
        TEST(test_a_mark_and_crlf_change_nothing),
        TEST(test_each_bad_cell_is_named),
        TEST(test_another_order_under_the_number_is_a_bad_row),
        TEST(test_gbk_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
