/* test_cost_rate.c: rates of cash flows, the times of the two rules, and what the rates promise. */
#include "../real_claims.h"

#include "engine/cost_rate.h"

enum { ROUNDS = 120 };

static struct day day(const char *text) {
    struct day out;
    assert_true(day_from_text(text, strlen(text), &out));
    return out;
}

static struct real fraction_of(struct cash_flow flow) {
    return real_add(real_from_int(flow.whole), real_from_ratio(flow.part, flow.parts));
}

/* Published unit-periods of Regulation Z, Appendix J (c). */
static void test_unit_periods(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        struct interval unit;
        int32_t whole, part, parts;
    } rows[] = {
        {"1978-01-10", "1978-02-10", {INTERVAL_MONTH, 1}, 1, 0, 1},
        {"1978-02-10", "1978-04-01", {INTERVAL_MONTH, 1}, 1, 19, 30},
        {"1978-03-18", "1978-04-20", {INTERVAL_WEEK, 4}, 1, 5, 28},
        {"1978-01-10", "1978-03-01", {INTERVAL_MONTH, 2}, 0, 52, 60},
        {"1978-06-23", "1978-10-01", {INTERVAL_MONTH, 3}, 1, 8, 90},
        {"2023-10-26", "2023-11-30", {INTERVAL_DAY, 1}, 35, 0, 1},
        {"2023-10-28", "2023-11-30", {INTERVAL_WEEK, 1}, 4, 5, 7},
        {"2023-10-26", "2023-11-30", {INTERVAL_YEAR, 1}, 0, 35, 365},
        {"2023-10-26", "2025-02-26", {INTERVAL_YEAR, 1}, 1, 4, 12},
        {"1978-01-10", "1978-02-27", {INTERVAL_HALF_MONTH, 1}, 3, 2, 15},
        {"2024-01-31", "2024-02-29", {INTERVAL_MONTH, 1}, 0, 29, 30},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cash_flow flow =
            cash_flow_actuarial(real_from_int(1), day(rows[i].from), day(rows[i].to), rows[i].unit);
        struct real wanted =
            real_add(real_from_int(rows[i].whole), real_from_ratio(rows[i].part, rows[i].parts));
        assert_near(fraction_of(flow), wanted, 115);
    }
}

static void test_european_times(void **state) {
    (void)state;
    static const struct {
        const char *from, *to;
        enum interval_unit unit;
        int64_t numerator, denominator;
    } rows[] = {
        {"2015-01-12", "2015-02-15", INTERVAL_MONTH, 401, 4380}, /* 1/12 + 3/365 */
        {"2012-03-12", "2012-04-15", INTERVAL_MONTH, 67, 732},   /* 1/12 + 3/366 */
        {"2015-01-31", "2015-02-28", INTERVAL_MONTH, 28, 365},
        {"2015-01-01", "2017-01-01", INTERVAL_MONTH, 2, 1},
        {"2015-01-01", "2015-01-16", INTERVAL_HALF_MONTH, 15, 365},
        {"2015-01-01", "2015-01-15", INTERVAL_WEEK, 2, 52},
        {"2015-01-01", "2015-01-17", INTERVAL_WEEK, 14 * 365 + 2 * 7 * 52, 7 * 365 * 52},
        {"2012-10-10", "2012-10-15", INTERVAL_DAY, 5, 366},
        {"2015-01-01", "2016-03-01", INTERVAL_YEAR, 365 + 59, 365},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cash_flow flow =
            cash_flow_european(real_from_int(1), day(rows[i].from), day(rows[i].to), rows[i].unit);
        assert_near(
            fraction_of(flow), real_from_ratio(rows[i].numerator, rows[i].denominator), 115);
    }
}

static void test_intervals_per_year(void **state) {
    (void)state;
    assert_near(intervals_per_year((struct interval){INTERVAL_WEEK, 4}), real_from_int(13), 120);
    assert_near(
        intervals_per_year((struct interval){INTERVAL_DAY, 255}), real_from_ratio(365, 255), 120);
    assert_near(
        intervals_per_year((struct interval){INTERVAL_HALF_MONTH, 1}), real_from_int(24), 120);
    assert_near(intervals_per_year((struct interval){INTERVAL_YEAR, 1}), real_from_int(1), 120);
}

/* Flows that a loan of any shape may have, advances first; returns their number. */
static int32_t random_loan(uint64_t *seed, struct cash_flow *flows) {
    int32_t advances = 1 + (int32_t)(next_random(seed) % 3);
    int32_t count = advances + 1 + (int32_t)(next_random(seed) % 60);
    int32_t days = 0;
    for (int32_t i = 0; i < count; i++) {
        int64_t fen = 1 + (int64_t)(next_random(seed) % 1000000000);
        flows[i] = cash_flow_fraction(real_from_int(i < advances ? fen : -fen), days, 365);
        days += 1 + (int32_t)(next_random(seed) % 90);
    }
    return count;
}

/* Moving the rate by the promised bound to either side changes the sign of the value. */
static void test_rate_is_within_its_bound(void **state) {
    (void)state;
    uint64_t seed = 120;
    for (int32_t i = 0; i < ROUNDS; i++) {
        struct cash_flow flows[64];
        int32_t count = random_loan(&seed, flows);
        enum part_rule rule = i % 2 == 0 ? PART_COMPOUND : PART_SIMPLE;
        struct cash_flows all = {flows, count, rule};
        struct real rate;
        /* a small repayment days after a large advance is a rate beyond what is searched */
        if (!cash_flows_rate(&all, REAL_ZERO, &rate) || real_compare(rate, real("1e5")) > 0)
            continue;
        struct real bound = real("1e-20");
        struct real below;
        struct real above;
        struct real higher = real_add(rate, bound);
        struct real lower = real_subtract(rate, bound);
        if (rule == PART_SIMPLE || real_compare(lower, real_from_int(-1)) <= 0)
            continue;
        assert_true(cash_flows_value(&all, lower, &below));
        assert_true(cash_flows_value(&all, higher, &above));
        assert_true(real_sign(below) * real_sign(above) < 0);
    }
}

static void test_paying_more_costs_more(void **state) {
    (void)state;
    uint64_t seed = 121;
    for (int32_t i = 0; i < ROUNDS; i++) {
        struct cash_flow flows[64];
        int32_t count = random_loan(&seed, flows);
        struct cost_rate before = european_rate(flows, count);
        flows[count - 1].amount = real_subtract(flows[count - 1].amount, real_from_int(1000));
        struct cost_rate after = european_rate(flows, count);
        if (before.found && after.found)
            assert_true(real_compare(after.exact, before.exact) > 0);
    }
}

static void test_scale_and_order_do_not_matter(void **state) {
    (void)state;
    uint64_t seed = 122;
    for (int32_t i = 0; i < ROUNDS / 4; i++) {
        struct cash_flow flows[64];
        struct cash_flow turned[64];
        int32_t count = random_loan(&seed, flows);
        for (int32_t k = 0; k < count; k++) {
            turned[k] = flows[count - 1 - k];
            turned[k].amount = real_divide(turned[k].amount, real_from_int(-7));
        }
        struct cost_rate forward = european_rate(flows, count);
        struct cost_rate backward = european_rate(turned, count);
        assert_int_equal(forward.found, backward.found);
        assert_near(real_add(forward.exact, real_from_int(1)),
            real_add(backward.exact, real_from_int(1)), 80);
    }
}

/* The ends of what is admitted: 1200 flows of the largest amounts, over 100,000 periods. */
static void test_largest_inputs(void **state) {
    (void)state;
    static struct cash_flow flows[CASH_FLOWS_MAX];
    for (int32_t i = 0; i < CASH_FLOWS_MAX; i++) {
        struct money amount = money_fen(i == 0 ? MONEY_MAX_FEN : -MONEY_MAX_FEN);
        flows[i] = cash_flow_whole(real_from_fen(amount), i * 83);
    }
    flows[CASH_FLOWS_MAX - 1].whole = CASH_FLOW_WHOLE_MAX;
    struct cash_flows all = {flows, CASH_FLOWS_MAX, PART_COMPOUND};
    struct real rate;
    assert_true(cash_flows_rate(&all, REAL_ZERO, &rate));
    assert_true(real_sign(rate) > 0);
    struct real value;
    assert_true(cash_flows_value(&all, rate, &value));
    assert_false(cash_flows_value(&all, real_from_int(1000), &value));
    /* with opposite signs at the far ends */
    flows[0].whole = -CASH_FLOW_WHOLE_MAX;
    assert_true(cash_flows_rate(&all, REAL_ZERO, &rate));
    assert_false(cash_flows_rate(&all, real_from_int(1000), &rate));
}

static void test_no_rate(void **state) {
    (void)state;
    struct cash_flow flows[3] = {cash_flow_whole(real_from_int(100), 0),
        cash_flow_whole(real_from_int(100), 1), cash_flow_whole(REAL_ZERO, 2)};
    struct cash_flows all = {flows, 3, PART_COMPOUND};
    struct real out;
    assert_false(cash_flows_rate(&all, REAL_ZERO, &out));
    assert_false(european_rate(flows, 3).found);
    assert_false(actuarial_rate(flows, 3, real_from_int(12)).found);
    /* both signs, but never worth zero: 1 - 2x + 2x^2 */
    flows[0] = cash_flow_whole(real_from_int(1), 0);
    flows[1] = cash_flow_whole(real_from_int(-2), 1);
    flows[2] = cash_flow_whole(real_from_int(2), 2);
    assert_false(cash_flows_rate(&all, REAL_ZERO, &out));
    flows[2].amount = real_from_int(-2);
    assert_false(cash_flows_rate(&all, real_from_int(-1), &out));
    assert_false(cash_flows_value(&all, real_from_int(-1), &out));
    /* a rate above what parts per billion hold */
    flows[0] = cash_flow_whole(real_from_int(1), 0);
    flows[1] = cash_flow_fraction(real_from_int(-3), 1, 365);
    assert_false(european_rate(flows, 2).found);
}

static void test_value_below_minus_one(void **state) {
    (void)state;
    struct cash_flow flows[2] = {
        cash_flow_whole(real_from_int(100), 1), cash_flow_whole(real_from_int(50), 2)};
    struct cash_flows all = {flows, 2, PART_COMPOUND};
    struct real value;
    assert_true(cash_flows_value(&all, real_from_int(-2), &value));
    assert_int_equal(real_compare(value, real_from_int(-50)), 0);
    flows[1] = cash_flow_fraction(real_from_int(50), 3, 2);
    assert_false(cash_flows_value(&all, real_from_int(-2), &value));
}

/* Two rates: the one nearest to the guess. -1 + 5x - 6x^2 is zero at x = 1/2 and 1/3. */
static void test_guess_chooses(void **state) {
    (void)state;
    struct cash_flow flows[3] = {cash_flow_whole(real_from_int(-1), 0),
        cash_flow_whole(real_from_int(5), 1), cash_flow_whole(real_from_int(-6), 2)};
    struct cash_flows all = {flows, 3, PART_COMPOUND};
    struct real rate;
    assert_true(cash_flows_rate(&all, real("0.9"), &rate));
    assert_near(rate, real_from_int(1), 80);
    assert_true(cash_flows_rate(&all, real("2.1"), &rate));
    assert_near(rate, real_from_int(2), 80);
    assert_true(cash_flows_rate(&all, real_from_int(1), &rate));
    assert_near(rate, real_from_int(1), 80);
}

static void test_modified_rate(void **state) {
    (void)state;
    struct cash_flow flows[4] = {cash_flow_whole(real_from_int(-100), 0),
        cash_flow_whole(real_from_int(10), 1), cash_flow_whole(real_from_int(10), 2),
        cash_flow_whole(real_from_int(100), 3)};
    struct cash_flows all = {flows, 4, PART_COMPOUND};
    struct real rate;
    assert_true(cash_flows_modified_rate(&all, real("-0.4"), real("0.6"), &rate));
    assert_near(rate, real("0.1229344816003"), 40);
    /* received worth less than nothing: an odd root exists, an even one does not */
    assert_true(cash_flows_modified_rate(&all, real("0.1"), real_from_int(-5), &rate));
    flows[1].amount = REAL_ZERO;
    flows[2].amount = real_from_int(100);
    flows[3].amount = REAL_ZERO;
    assert_true(cash_flows_modified_rate(&all, REAL_ZERO, real_from_int(-5), &rate));
    assert_near(rate, real("-2.58740105196819947475170563927"), 90); /* -1 - 4^(1/3) */
    flows[1].amount = real_from_int(100);
    flows[2].amount = REAL_ZERO;
    struct cash_flows two = {flows, 3, PART_COMPOUND};
    assert_false(cash_flows_modified_rate(&two, real("0.1"), real_from_int(-5), &rate));
    assert_false(cash_flows_modified_rate(&all, real_from_int(-1), real("0.1"), &rate));
    assert_false(cash_flows_modified_rate(&all, real("0.1"), real_from_int(-1), &rate));
    /* at an odd rate of finance what is paid is worth nothing; or nothing is received at last */
    struct cash_flow odd[3] = {cash_flow_whole(real_from_int(-1), 0),
        cash_flow_whole(real_from_int(-1), 1), cash_flow_whole(real_from_int(5), 2)};
    struct cash_flows odds = {odd, 3, PART_COMPOUND};
    assert_false(cash_flows_modified_rate(&odds, real_from_int(-2), real("0.1"), &rate));
    odd[0].amount = real_from_int(5);
    odd[1].amount = real_from_int(5);
    odd[2].amount = real_from_int(-5);
    assert_true(cash_flows_modified_rate(&odds, real("0.1"), real_from_int(-2), &rate));
    assert_int_equal(real_compare(rate, real_from_int(-1)), 0);
    struct cash_flows paid = {flows, 1, PART_COMPOUND};
    assert_false(cash_flows_modified_rate(&paid, real("0.1"), real("0.1"), &rate));
}

/* Appendix J (c)(1)(ii): 6,000 on 10 Feb 1978, 36 payments of 200 from 1 Apr 1978 on: 11.82 %. */
static void test_odd_first_period(void **state) {
    (void)state;
    const struct interval month = {INTERVAL_MONTH, 1};
    struct cash_flow flows[37] = {cash_flow_whole(real_from_int(6000), 0)};
    for (int32_t i = 0; i < 36; i++)
        flows[i + 1] = cash_flow_actuarial(
            real_from_int(-200), day("1978-02-10"), day_add_months(day("1978-04-01"), i), month);
    struct cost_rate rate = actuarial_rate(flows, 37, intervals_per_year(month));
    assert_true(rate.found);
    assert_int_equal(divide_rounded(rate.annual.per_billion, 100000, ROUND_HALF_UP), 1182);
    /* another broken part at each flow */
    flows[1] = cash_flow_fraction(real_from_int(-200), 50, 31);
    struct cost_rate other = actuarial_rate(flows, 37, intervals_per_year(month));
    assert_true(real_compare(other.exact, rate.exact) > 0);
}

static void test_monthly_rates_agree(void **state) {
    (void)state;
    struct money flows[12];
    struct cash_flow months[13] = {cash_flow_whole(real_from_int(1200000), 0)};
    for (int32_t i = 0; i < 12; i++) {
        flows[i] = money_fen(107200);
        months[i + 1] = cash_flow_whole(real_from_int(-107200), i + 1);
    }
    struct monthly_rate rate = solve_monthly_rate(money_fen(1200000), flows, 12);
    assert_true(rate.found);
    assert_int_equal(divide_rounded(rate.nominal.per_billion, 100000, ROUND_HALF_UP), 1303);
    struct monthly_rate same = monthly_rate_of_flows(months, 13);
    assert_int_equal(same.per_quintillion, rate.per_quintillion);
    struct monthly_rate year =
        monthly_rate_of_year(real_from_ratio(rate.effective.per_billion, 1000000000));
    assert_true(year.found);
    assert_int_equal(year.nominal.per_billion, rate.nominal.per_billion);
    assert_int_equal(year.effective.per_billion, rate.effective.per_billion);
    assert_false(solve_monthly_rate(money_fen(2000000), flows, 12).found);
    assert_false(solve_monthly_rate(money_fen(100), flows, 12).found);
    assert_false(solve_monthly_rate(money_fen(60000), flows, 12).found);
    months[0].amount = REAL_ZERO;
    assert_false(monthly_rate_of_flows(months, 13).found);
    assert_false(monthly_rate_of_year(real("1e40")).found);
    assert_false(monthly_rate_of_year(real("1e18")).found);
    assert_false(monthly_rate_of_year(real("1e11")).found);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unit_periods),
        cmocka_unit_test(test_european_times),
        cmocka_unit_test(test_intervals_per_year),
        cmocka_unit_test(test_rate_is_within_its_bound),
        cmocka_unit_test(test_paying_more_costs_more),
        cmocka_unit_test(test_scale_and_order_do_not_matter),
        cmocka_unit_test(test_largest_inputs),
        cmocka_unit_test(test_no_rate),
        cmocka_unit_test(test_value_below_minus_one),
        cmocka_unit_test(test_guess_chooses),
        cmocka_unit_test(test_modified_rate),
        cmocka_unit_test(test_odd_first_period),
        cmocka_unit_test(test_monthly_rates_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
