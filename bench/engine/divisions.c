/* divisions.c: counting and timing 128-bit divisions. Exports what divisions.h declares. */
#include "divisions.h"

#include "base/check.h"
#include "base/rounding.h"

#include <stdbool.h>
#include <stddef.h>

/* The compiler's own functions, under the names that --wrap gives them, and ours before them. */
int128 __real___divti3(int128 numerator, int128 denominator);
int128 __real___modti3(int128 numerator, int128 denominator);
uint128 __real___udivti3(uint128 numerator, uint128 denominator);
uint128 __real___umodti3(uint128 numerator, uint128 denominator);
int128 __real___divmodti4(int128 numerator, int128 denominator, int128 *remainder);
int128 __wrap___divti3(int128 numerator, int128 denominator);
int128 __wrap___modti3(int128 numerator, int128 denominator);
uint128 __wrap___udivti3(uint128 numerator, uint128 denominator);
uint128 __wrap___umodti3(uint128 numerator, uint128 denominator);
int128 __wrap___divmodti4(int128 numerator, int128 denominator, int128 *remainder);

enum { RECORDED_MAX = 65536, REPLAYS = 64 };

enum division { DIVISION_DIV, DIVISION_MOD, DIVISION_UDIV, DIVISION_UMOD, DIVISION_DIVMOD };

struct recorded {
    enum division division;
    uint128 numerator;
    uint128 denominator;
};

static struct {
    bool on;
    int count;
    struct recorded recorded[RECORDED_MAX];
} divisions;

static void record(enum division division, uint128 numerator, uint128 denominator) {
    if (!divisions.on)
        return;
    check(divisions.count < RECORDED_MAX);
    divisions.recorded[divisions.count++] = (struct recorded){division, numerator, denominator};
}

int128 __wrap___divti3(int128 numerator, int128 denominator) {
    record(DIVISION_DIV, (uint128)numerator, (uint128)denominator);
    return __real___divti3(numerator, denominator);
}

int128 __wrap___modti3(int128 numerator, int128 denominator) {
    record(DIVISION_MOD, (uint128)numerator, (uint128)denominator);
    return __real___modti3(numerator, denominator);
}

uint128 __wrap___udivti3(uint128 numerator, uint128 denominator) {
    record(DIVISION_UDIV, numerator, denominator);
    return __real___udivti3(numerator, denominator);
}

uint128 __wrap___umodti3(uint128 numerator, uint128 denominator) {
    record(DIVISION_UMOD, numerator, denominator);
    return __real___umodti3(numerator, denominator);
}

int128 __wrap___divmodti4(int128 numerator, int128 denominator, int128 *remainder) {
    record(DIVISION_DIVMOD, (uint128)numerator, (uint128)denominator);
    return __real___divmodti4(numerator, denominator, remainder);
}

static uint128 divide_again(const struct recorded *one, uint128 nothing) {
    uint128 n = one->numerator + nothing;
    switch (one->division) {
    case DIVISION_DIV:
        return (uint128)__real___divti3((int128)n, (int128)one->denominator);
    case DIVISION_MOD:
        return (uint128)__real___modti3((int128)n, (int128)one->denominator);
    case DIVISION_UDIV:
        return __real___udivti3(n, one->denominator);
    case DIVISION_UMOD:
        return __real___umodti3(n, one->denominator);
    case DIVISION_DIVMOD: {
        int128 remainder;
        int128 quotient = __real___divmodti4((int128)n, (int128)one->denominator, &remainder);
        return (uint128)(quotient ^ remainder);
    }
    }
    return 0;
}

/* A zero that the processor cannot know before `value` is there. */
static uint128 zero_after(uint128 value) {
    static volatile uint64_t no_bit = 0;
    return (uint64_t)value & no_bit;
}

struct divisions divisions_of(const struct work *work) {
    if (work->reset != NULL)
        work->reset(work->context);
    divisions.count = 0;
    divisions.on = true;
    work->run(work->context);
    divisions.on = false;
    double samples[REPLAYS];
    for (int r = 0; r < REPLAYS; r++) {
        uint128 nothing = 0;
        int64_t began = stopwatch_nanoseconds();
        for (int i = 0; i < divisions.count; i++)
            nothing = zero_after(divide_again(&divisions.recorded[i], nothing));
        samples[r] = (double)(stopwatch_nanoseconds() - began);
    }
    return (struct divisions){
        .count = (double)divisions.count / work->operations,
        .nanoseconds = spread_of(samples, REPLAYS).median / work->operations,
    };
}
