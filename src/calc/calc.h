/*
 * calc.h: the engine as a function from one JSON document to another. Exports: struct calc,
 * calc_create(), calc_destroy(), calc_line(), CALC_LINE_MAX, CALC_EVENTS_MAX, calc_schema().
 *
 * docs/calc.md describes both documents. Nothing is kept from one line to the next, so that memory
 * does not grow with the number of lines.
 */
#ifndef FENQI_CALC_CALC_H
#define FENQI_CALC_CALC_H

#include "base/arena.h"

enum {
    CALC_VERSION = 1,
    CALC_LINE_MAX = 1 << 20, /* bytes of a document */
    CALC_EVENTS_MAX = 2000,  /* of one contract, hypothetical ones included */
    CALC_QUESTIONS_MAX = 64,
    CALC_FLOWS_MAX = 1200,
};

/* The room for one document at a time. */
struct calc;
struct calc *calc_create(void);
void calc_destroy(struct calc *calc);

struct calc_answer {
    struct bytes text; /* one line without its end; alive until the next call */
    bool refused;      /* the document, or one of its events */
};

/* Answers a document (without its line end), which is line `number` of its stream. */
struct calc_answer calc_line(struct calc *calc, struct bytes line, int64_t number);

/* The answer to a line longer than CALC_LINE_MAX. */
struct calc_answer calc_line_too_long(struct calc *calc, int64_t number);

/* JSON Schema 2020-12 of both documents. */
const char *calc_schema(struct arena *arena);

#endif
