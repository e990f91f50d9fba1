/* test_cost_table.c: the cost table as text, its words and its hash; rates and amounts in words. */
#include "../unit/cmocka_include.h"

#include "codec/json_read.h"
#include "codec/sha256.h"
#include "service/amount_words.h"
#include "service/cost_table.h"
#include "service/rate_words.h"

#include <string.h>

static struct arena *arena;

static void test_percent_words(void **state) {
    (void)state;
    static const struct {
        int64_t per_billion;
        const char *words;
    } rows[] = {{0, "0.00%"}, {144000000, "14.40%"}, {500000, "0.05%"}, {525000, "0.0525%"},
        {1, "0.0000001%"}, {1000000000, "100.00%"}, {7400000, "0.74%"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(
            percent_words(arena, (struct rate){rows[i].per_billion}), rows[i].words);
}

static void test_yuan_words(void **state) {
    (void)state;
    static const struct {
        int64_t fen;
        const char *words;
    } rows[] = {{0, "0.00"}, {99, "0.99"}, {99999, "999.99"}, {100000, "1,000.00"},
        {123456789, "1,234,567.89"}, {-100000, "-1,000.00"}, {-5, "-0.05"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(yuan_words(arena, money_fen(rows[i].fen)), rows[i].words);
}

static const struct product product = {
    .code = "p", .version = 1, .lender_zh = "某某消费金融", .lender_en = "Some Finance"};

static struct terms terms_of(enum method method) {
    struct terms terms = terms_defaults();
    terms.method = method;
    terms.principal = money_fen(300000);
    terms.instalment_count = 6;
    terms.start_day = day_from_civil(2026, 1, 31);
    if (method == METHOD_EQUAL_INSTALMENT)
        terms.annual_rate = (struct rate){144000000};
    if (method == METHOD_FEE_PER_PERIOD)
        terms.period_fee_rate = (struct rate){6500000};
    terms.penalty.daily_rate = (struct rate){500000};
    terms.penalty.on_principal = true;
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    return terms;
}

static const struct json_value *read(const char *text) {
    const struct json_value *value;
    struct fault fault;
    assert_int_equal(json_read(arena, bytes_of_text(text), &value, &fault), STATUS_OK);
    return value;
}

static int64_t number(const struct json_value *object, const char *name) {
    int64_t value = -1;
    assert_true(json_member_integer(object, name, &value));
    return value;
}

/* Every item has its words, in both languages, and who collects it. */
static int64_t sum_items(const struct json_value *items, bool contingent) {
    static const char *const texts[] = {
        "name_zh", "name_en", "standard_zh", "standard_en", "collector_zh", "collector_en"};
    int64_t sum = 0;
    for (const struct json_value *item = items->first; item != NULL; item = item->next) {
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            assert_non_null(json_member_text(item, texts[i]));
            assert_true(strlen(json_member_text(item, texts[i])) > 0);
        }
        assert_string_equal(json_member_text(item, "collector_zh"), "某某消费金融");
        if (contingent)
            assert_int_equal(json_member(item, "amount_fen")->kind, JSON_NULL_VALUE);
        else
            sum += number(item, "amount_fen");
    }
    return sum;
}

static void check_table(enum method method, size_t items, int64_t cost) {
    struct terms terms = terms_of(method);
    struct cost_table table = cost_table_build(arena, &product, &terms);
    const struct json_value *json = read(table.json);
    assert_int_equal(number(json, "principal_fen"), 300000);
    assert_int_equal(json_member(json, "items")->count, items);
    assert_int_equal(sum_items(json_member(json, "items"), false), cost);
    sum_items(json_member(json, "default_items"), true);
    assert_true(json_member(json, "default_items")->count >= 1);
    assert_int_equal(number(json, "total_cost_fen"), cost);
    assert_int_equal(number(json, "total_repayment_fen"), 300000 + cost);
    assert_int_equal(table.total_cost.fen, cost);
    int64_t repaid = 0;
    int64_t principal = 0;
    const struct json_value *rows = json_member(json, "instalments");
    assert_int_equal(rows->count, 6);
    for (const struct json_value *row = rows->first; row != NULL; row = row->next) {
        repaid += number(row, "total_fen");
        principal += number(row, "principal_fen");
    }
    assert_int_equal(principal, 300000);
    assert_int_equal(repaid, 300000 + cost);
    assert_string_equal(table.hash, sha256_hex(arena, bytes_of_text(table.json)));
    struct cost_table_rates rates = cost_table_rates(table.json);
    assert_int_equal(rates.irr.per_billion, table.irr.per_billion);
    assert_int_equal(rates.simple.per_billion, table.simple.per_billion);
}

static void test_tables_of_the_methods(void **state) {
    (void)state;
    /* 3000 yuan at 14.40 % in 6: 521.17 … each; 6 × 0.65 % of 3000 = 117.00 */
    struct terms equal = terms_of(METHOD_EQUAL_INSTALMENT);
    struct cost_table table = cost_table_build(arena, &product, &equal);
    assert_true(table.total_cost.fen > 12600 && table.total_cost.fen < 12800);
    check_table(METHOD_EQUAL_INSTALMENT, 1, table.total_cost.fen);
    check_table(METHOD_FEE_PER_PERIOD, 1, 11700);
    check_table(METHOD_INTEREST_FREE, 0, 0);
}

static void test_the_hash_names_exactly_this_table(void **state) {
    (void)state;
    struct terms terms = terms_of(METHOD_EQUAL_INSTALMENT);
    struct cost_table first = cost_table_build(arena, &product, &terms);
    struct cost_table again = cost_table_build(arena, &product, &terms);
    assert_string_equal(first.hash, again.hash);
    terms.penalty.daily_rate.per_billion++;
    assert_string_not_equal(first.hash, cost_table_build(arena, &product, &terms).hash);
    terms = terms_of(METHOD_EQUAL_INSTALMENT);
    terms.start_day.number++;
    assert_string_not_equal(first.hash, cost_table_build(arena, &product, &terms).hash);
}

static void test_written_with_hash_and_acceptance(void **state) {
    (void)state;
    struct terms terms = terms_of(METHOD_FEE_PER_PERIOD);
    struct cost_table table = cost_table_build(arena, &product, &terms);
    struct json json = json_start(arena);
    cost_table_write(&json, NULL, arena, table.json, table.hash,
        day_start(day_from_civil(2026, 1, 31), ZONE_SHANGHAI));
    const struct json_value *written = read(json_text(&json));
    assert_string_equal(json_member_text(written, "hash"), table.hash);
    assert_non_null(json_member_text(written, "accepted_at"));
    assert_string_equal(
        json_member_text(written, "no_other_charges_zh"), "除以上费用外不收取任何费用");
}

static int start(void **state) {
    (void)state;
    arena = arena_create(1 << 16);
    return 0;
}

static int stop(void **state) {
    (void)state;
    arena_destroy(arena);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_percent_words),
        cmocka_unit_test(test_yuan_words),
        cmocka_unit_test(test_tables_of_the_methods),
        cmocka_unit_test(test_the_hash_names_exactly_this_table),
        cmocka_unit_test(test_written_with_hash_and_acceptance),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
