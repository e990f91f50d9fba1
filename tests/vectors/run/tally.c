/* tally.c: counting what came out as published, and the three verdicts that kinds give. */
#include "tally.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int32_t tally_total(const struct tally *tally) {
    return tally->reproduced + tally->wrong + tally->not_expressible;
}

void vector_reproduced(struct tally *tally) {
    tally->reproduced++;
}

void vector_wrong(struct tally *tally, const struct vector_line *line, const char *format, ...) {
    tally->wrong++;
    if (tally->said++ >= tally->say_at_most)
        return;
    fprintf(stderr, "%s:%d: %s: ", tally->file, line ? line->number : 0, tally->case_id);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

static void add_reason(struct tally *tally, int32_t count, const char *text) {
    for (int32_t i = 0; i < tally->reason_count; i++) {
        if (strncmp(tally->reasons[i].text, text, TALLY_REASON_SIZE - 1) == 0) {
            tally->reasons[i].count += count;
            return;
        }
    }
    check(tally->reason_count < TALLY_REASONS_MAX);
    struct tally_reason *reason = &tally->reasons[tally->reason_count++];
    reason->count = count;
    snprintf(reason->text, sizeof reason->text, "%s", text);
}

void vector_not_expressible(struct tally *tally, int32_t count, const char *reason) {
    check(count >= 0);
    if (count == 0)
        return;
    tally->not_expressible += count;
    add_reason(tally, count, reason);
}

void tally_take_in(struct tally *sum, const struct tally *part) {
    sum->reproduced += part->reproduced;
    sum->wrong += part->wrong;
    sum->not_expressible += part->not_expressible;
    for (int32_t i = 0; i < part->reason_count; i++)
        add_reason(sum, part->reasons[i].count, part->reasons[i].text);
}

static int most_frequent_first(const void *a, const void *b) {
    const struct tally_reason *left = a, *right = b;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return strcmp(left->text, right->text);
}

void tally_print_reasons(const struct tally *tally, FILE *out, const char *indent) {
    struct tally_reason *sorted = calloc(TALLY_REASONS_MAX, sizeof *sorted);
    check(sorted);
    memcpy(sorted, tally->reasons, (size_t)tally->reason_count * sizeof *sorted);
    qsort(sorted, (size_t)tally->reason_count, sizeof *sorted, most_frequent_first);
    for (int32_t i = 0; i < tally->reason_count; i++)
        fprintf(out, "%s%7d  %s\n", indent, sorted[i].count, sorted[i].text);
    free(sorted);
}
