/*
 * bench_engine.c: what exactness costs, as ratios to the yardstick of floor.h in the same run.
 *
 * Prints the times, the ratios and their limits; exits with 1 when a ratio is missed. Which share
 * of the time is 128-bit division: bench_divisions.c, linked into the same program, counts the
 * divisions of one operation and times them again by themselves.
 */
#include "divisions.h"
#include "stopwatch.h"
#include "work.h"

#include <stdbool.h>
#include <stdio.h>

/* A row of the table of limits: works[work] may cost at most `limit` times works[0]. */
struct limit {
    int work;
    double limit;
    const char *why;
};

enum { WORK_FLOOR, WORK_SCHEDULE, WORK_PAYMENT, WORK_COUNT };

static const struct limit limits[] = {
    {WORK_SCHEDULE, 5, "a schedule of 12 equal instalments, exactly rounded"},
    {WORK_PAYMENT, 20,
        "a payment on a contract of 12 instalments (2 us where the loop takes 100 ns)"},
};

static void print_times(const struct work *works, double times[WORKS_MAX][ROUNDS]) {
    printf("%-28s %10s %10s %10s   ns, %d rounds in turn\n", "", "quartile", "median", "quartile",
        ROUNDS);
    for (int w = 0; w < WORK_COUNT; w++) {
        double samples[ROUNDS];
        for (int r = 0; r < ROUNDS; r++)
            samples[r] = times[w][r];
        struct spread spread = spread_of(samples, ROUNDS);
        printf(
            "%-28s %10.1f %10.1f %10.1f\n", works[w].name, spread.low, spread.median, spread.high);
    }
}

static bool print_ratio(const struct limit *limit, double times[WORKS_MAX][ROUNDS]) {
    double ratios[ROUNDS];
    for (int r = 0; r < ROUNDS; r++)
        ratios[r] = times[limit->work][r] / times[WORK_FLOOR][r];
    struct spread spread = spread_of(ratios, ROUNDS);
    bool held = spread.median <= limit->limit;
    printf("%-6s %6.2f (%.2f to %.2f) of at most %.0f: %s\n", held ? "ok" : "MISSED", spread.median,
        spread.low, spread.high, limit->limit, limit->why);
    return held;
}

static void print_divisions(const struct work *work, double times[WORKS_MAX][ROUNDS], int which) {
    double samples[ROUNDS];
    for (int r = 0; r < ROUNDS; r++)
        samples[r] = times[which][r];
    double whole = spread_of(samples, ROUNDS).median;
    struct divisions divisions = divisions_of(work);
    printf("%-28s %6.1f 128-bit divisions an operation, %.1f ns: %.0f %% of its time\n", work->name,
        divisions.count, divisions.nanoseconds, 100 * divisions.nanoseconds / whole);
}

int main(void) {
    static struct plan_work plans;
    static struct payment_work payments;
    static double times[WORKS_MAX][ROUNDS];
    plan_work_prepare(&plans);
    payment_work_prepare(&payments);
    const struct work works[WORK_COUNT] = {
        {"double loop, no rounding", NULL, plan_work_floor, &plans, PLANS, 4},
        {"schedule_build", NULL, plan_work_schedule, &plans, PLANS, 4},
        {"contract_step of a payment", payment_work_reset, payment_work_step, &payments, PAYMENTS,
            4},
    };
    measure_in_turn(works, WORK_COUNT, times);
    print_times(works, times);
    printf("\n");
    bool all = true;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        all = print_ratio(&limits[i], times) && all;
    printf("\n128-bit divisions, counted in one run and timed again one after the other:\n");
    print_divisions(&works[WORK_SCHEDULE], times, WORK_SCHEDULE);
    print_divisions(&works[WORK_PAYMENT], times, WORK_PAYMENT);
    return all ? 0 : 1;
}
