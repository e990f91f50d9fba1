/*
 * kind.h: what every kind of published figures implements. Exports: struct vector_case, struct
 * vector_kind, struct tally and the three verdicts.
 *
 * A file of tests/vectors/figures opens with "kind NAME" and "source …" lines; then come cases
 * separated by empty lines, each a list of lines "word rest of the line" of which the first is
 * "case ID". One case may hold several expectations: every one of them is told to the tally.
 */
#ifndef FENQI_TESTS_VECTORS_KIND_H
#define FENQI_TESTS_VECTORS_KIND_H

#include "base/arena.h"

#include <stdint.h>

struct vector_line {
    int32_t number;   /* in the file, for messages */
    const char *word; /* never empty */
    const char *rest; /* "" when nothing follows the word */
};

struct vector_case {
    const char *id;
    int32_t count; /* lines after "case ID" */
    const struct vector_line *lines;
    struct arena *arena; /* reset after each case */
};

struct tally;

/* One expectation came out as published. */
void vector_reproduced(struct tally *tally);

/* One did not: said on stderr with file and line, and the run fails. */
void vector_wrong(struct tally *tally, const struct vector_line *line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * `count` expectations that the engine has no terms or event for; `reason` is a constant text, by
 * which they are summed in the report. Decided from the inputs, never from a figure that differs.
 */
void vector_not_expressible(struct tally *tally, int32_t count, const char *reason);

struct vector_kind {
    const char *name;
    void (*run)(const struct vector_case *one, struct tally *tally);
};

/* Reading the rest of a line: the n-th word (0-based) into out; false when there is none. */
bool vector_word(const struct vector_line *line, int32_t n, char *out, size_t room);

/* The first line with that word at or after `*from`, which moves behind it; NULL when none. */
const struct vector_line *vector_find(
    const struct vector_case *one, const char *word, int32_t *from);

#endif
