/*
 * root.c: a bracket searched outward, then narrowed by the secant with a bisection whenever three
 * steps have not halved it. Exports what root.h declares.
 */
#include "engine/root.h"

#include "base/check.h"

enum { ZERO_BITS = 96, WIDTH_BITS = 110, NEAR_ZERO_BITS = 60, FIRST_STEP_BITS = 6, PATIENCE = 3 };
enum { STEPS_MAX = 1000 };

struct point {
    struct real x;
    struct real value; /* halved where the secant would else stay on one side */
};

static bool counts_as_zero(struct balance balance) {
    return real_compare(real_absolute(balance.value), real_scale(balance.magnitude, -ZERO_BITS)) <=
           0;
}

static bool opposite(struct real a, struct real b) {
    return real_sign(a) * real_sign(b) < 0;
}

static struct real clamp(struct real x, struct real limit) {
    if (real_compare(x, limit) > 0)
        return limit;
    struct real low = real_negate(limit);
    return real_compare(x, low) < 0 ? low : x;
}

static struct real middle_of(struct real a, struct real b) {
    return real_scale(real_add(a, b), -1);
}

static struct real width_of(const struct point *a, const struct point *b) {
    return real_absolute(real_subtract(a->x, b->x));
}

/* The secant's zero, or the middle when rounding puts that outside. */
static struct real secant(const struct point *a, const struct point *b) {
    struct real share = real_divide(b->value, real_subtract(b->value, a->value));
    struct real x = real_subtract(b->x, real_multiply(share, real_subtract(b->x, a->x)));
    bool inside = real_compare(x, a->x) * real_compare(x, b->x) < 0;
    return inside ? x : middle_of(a->x, b->x);
}

static bool narrow_enough(const struct point *a, const struct point *b) {
    struct real least = real_scale(real_from_int(1), -NEAR_ZERO_BITS);
    struct real size = real_absolute(b->x);
    if (real_compare(size, least) < 0)
        size = least;
    return real_compare(width_of(a, b), real_scale(size, -WIDTH_BITS)) <= 0;
}

/* a and b enclose the zero; b is the end that moved last. */
static struct real narrow(
    balance_function *function, const void *context, struct point a, struct point b) {
    struct real target = real_scale(width_of(&a, &b), -1);
    int32_t tries = 0;
    for (int32_t step = 0; !narrow_enough(&a, &b); step++) {
        check(step < STEPS_MAX);
        struct real x = tries < PATIENCE ? secant(&a, &b) : middle_of(a.x, b.x);
        struct balance balance = function(context, x);
        if (counts_as_zero(balance))
            return x;
        struct point next = {x, balance.value};
        if (opposite(next.value, b.value))
            a = b;
        else
            a.value = real_scale(a.value, -1);
        b = next;
        tries++;
        if (real_compare(width_of(&a, &b), target) <= 0) {
            target = real_scale(width_of(&a, &b), -1);
            tries = 0;
        }
    }
    return b.x;
}

/* One end of the search, moved outward by `step`; true when the zero has been found. */
struct search {
    balance_function *function;
    const void *context;
    struct real limit;
    struct real root;
};

static bool found_beyond(struct search *search, struct point *end, struct real step) {
    struct real x = clamp(real_add(end->x, step), search->limit);
    if (real_compare(x, end->x) == 0)
        return false;
    struct balance balance = search->function(search->context, x);
    struct point next = {x, balance.value};
    if (counts_as_zero(balance)) {
        search->root = x;
        return true;
    }
    if (opposite(next.value, end->value)) {
        search->root = narrow(search->function, search->context, *end, next);
        return true;
    }
    *end = next;
    return false;
}

bool root_find(balance_function *function, const void *context, struct real start,
    struct real limit, struct real *root) {
    struct search search = {function, context, limit, start};
    struct balance first = function(context, start);
    struct point low = {start, first.value};
    struct point high = low;
    struct real step = real_scale(real_from_int(1), -FIRST_STEP_BITS);
    struct real whole = real_scale(limit, 1);
    bool found = counts_as_zero(first);
    while (!found && real_compare(step, whole) <= 0) {
        found =
            found_beyond(&search, &high, step) || found_beyond(&search, &low, real_negate(step));
        step = real_scale(step, 1);
    }
    if (found)
        *root = search.root;
    return found;
}
