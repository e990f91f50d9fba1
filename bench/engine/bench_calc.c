/*
 * bench_calc.c: which share of `fenqi calc` is not the engine. Usage: bench_calc DOCUMENTS.
 *
 * Answers the documents of a file (one a line) again and again, as the filter does, and compares
 * the whole time with the time inside the engine (inside.h). Exits with 1 when half of it or more
 * is spent outside: reading and writing JSON.
 */
#include "calc/calc.h"
#include "inside.h"
#include "stopwatch.h"

#include "base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 200, LINES_MAX = 512, FILE_MAX = 1 << 20 };
#define MOST_OUTSIDE 0.5

static struct bytes lines[LINES_MAX];
static int line_count;

static void read_lines(const char *path) {
    static uint8_t text[FILE_MAX];
    FILE *file = fopen(path, "rb");
    check(file != NULL);
    size_t length = fread(text, 1, sizeof text, file);
    fclose(file);
    for (size_t at = 0; at < length && line_count < LINES_MAX;) {
        const uint8_t *end = memchr(text + at, '\n', length - at);
        size_t size = end == NULL ? length - at : (size_t)(end - text) - at;
        if (size > 0)
            lines[line_count++] = (struct bytes){text + at, size};
        at += size + 1;
    }
}

static double share_outside(struct calc *calc, double *nanoseconds) {
    inside_start();
    int64_t began = stopwatch_nanoseconds();
    for (int i = 0; i < line_count; i++)
        calc_line(calc, lines[i], i + 1);
    int64_t whole = stopwatch_nanoseconds() - began;
    *nanoseconds = (double)whole / line_count;
    return 1 - (double)inside_stop() / (double)whole;
}

int main(int count, char **arguments) {
    static double shares[PASSES];
    static double times[PASSES];
    check(count == 2);
    read_lines(arguments[1]);
    check(line_count > 0);
    struct calc *calc = calc_create();
    for (int pass = 0; pass < PASSES; pass++)
        shares[pass] = share_outside(calc, &times[pass]);
    calc_destroy(calc);
    struct spread share = spread_of(shares, PASSES);
    struct spread time = spread_of(times, PASSES);
    bool held = share.median < MOST_OUTSIDE;
    printf("%d documents, %d times: %.1f us each (%.1f to %.1f)\n", line_count, PASSES,
        time.median / 1000, time.low / 1000, time.high / 1000);
    printf("%-6s %.0f %% of it outside the engine (%.0f to %.0f), less than %.0f wanted\n",
        held ? "ok" : "MISSED", 100 * share.median, 100 * share.low, 100 * share.high,
        100 * MOST_OUTSIDE);
    return held ? 0 : 1;
}
