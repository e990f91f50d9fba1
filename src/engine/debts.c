/* debts.c: one payment over several contracts. Exports what debts.h declares. */
#include "engine/debts.h"

#include "base/check.h"
#include "base/rounding.h"

static int compare_numbers(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

/* Below 0: `a` is paid before `b`; 0: they are paid in proportion. */
static int compare(const struct debt *a, const struct debt *b) {
    if (a->choice != b->choice) {
        if (a->choice == 0 || b->choice == 0)
            return a->choice == 0 ? 1 : -1;
        return compare_numbers(a->choice, b->choice);
    }
    if (a->due != b->due)
        return a->due ? -1 : 1;
    int order = compare_numbers(a->security.fen, b->security.fen);
    if (order == 0)
        order = compare_numbers(b->burden.per_billion, a->burden.per_billion);
    if (order == 0)
        order = day_compare(a->due_day, b->due_day);
    return order;
}

/* Pays the debts that stand level with debts[first], which nothing unpaid precedes. */
static struct money pay_level(const struct debt *debts, int32_t count, int32_t first,
    struct money left, struct money *parts) {
    int64_t owed = 0;
    for (int32_t i = 0; i < count; i++)
        if (compare(&debts[i], &debts[first]) == 0)
            owed += debts[i].owed.fen;
    int64_t paying = left.fen < owed ? left.fen : owed;
    int64_t rest = paying;
    for (int32_t i = 0; i < count; i++)
        if (compare(&debts[i], &debts[first]) == 0) {
            parts[i] = money_fen(
                owed == 0 ? 0
                          : multiply_divide_rounded(paying, debts[i].owed.fen, owed, ROUND_FLOOR));
            rest -= parts[i].fen;
        }
    /* Rounding down leaves less than a fen a debt: to the first of them that can take it. */
    for (int32_t i = 0; rest > 0; i++) {
        check(i < count);
        if (compare(&debts[i], &debts[first]) == 0) {
            int64_t more = debts[i].owed.fen - parts[i].fen;
            more = more < rest ? more : rest;
            parts[i] = money_fen(parts[i].fen + more);
            rest -= more;
        }
    }
    return money_fen(left.fen - paying);
}

struct money spread_over_debts(
    const struct debt *debts, int32_t count, struct money amount, struct money *parts) {
    for (int32_t i = 0; i < count; i++) {
        check(debts[i].owed.fen >= 0);
        parts[i] = money_fen(-1); /* not reached yet */
    }
    for (;;) {
        int32_t next = -1;
        for (int32_t i = 0; i < count; i++)
            if (parts[i].fen < 0 && (next < 0 || compare(&debts[i], &debts[next]) < 0))
                next = i;
        if (next < 0)
            return amount;
        amount = pay_level(debts, count, next, amount, parts);
    }
}
