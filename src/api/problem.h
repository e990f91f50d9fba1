/*
 * problem.h: answers that say what is wrong (RFC 9457). Exports: enum problem_code (generated from
 * spec/problems.tsv), struct problem, problem_find(), problem_write().
 *
 * Every problem has Chinese and English texts in one answer; what the client shows is its choice.
 */
#ifndef FENQI_API_PROBLEM_H
#define FENQI_API_PROBLEM_H

#include "api/problem_codes.h"
#include "base/arena.h"

#include <stddef.h>

/* A row of spec/problems.tsv. */
struct problem {
    const char *code;
    int http;
    const char *title_zh;
    const char *title_en;
    const char *detail_zh;
    const char *detail_en;
};

/* A text put in the place of {name} in the details. */
struct problem_value {
    const char *name;
    const char *value;
};

/* The row of a code; PROBLEM_NONE is a bug. Never NULL. */
const struct problem *problem_find(enum problem_code code);

/*
 * The answer's JSON in `arena`. `field` (NULL: left out) is the path of the field at fault,
 * `instance` the request's id. A {name} without a value stays as it is.
 */
struct bytes problem_write(struct arena *arena, enum problem_code code, const char *field,
    const char *instance, const struct problem_value *values, size_t count);

#define PROBLEM_CONTENT_TYPE "application/problem+json; charset=utf-8"

#endif
