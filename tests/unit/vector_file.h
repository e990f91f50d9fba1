/*
 * vector_file.h: reading tests/vectors. Exports: struct vector, vector_file_each().
 *
 * A file is records separated by empty lines; a record is lines "name value", where \n and \\ in a
 * value stand for a line feed and a backslash; lines that begin with '#' are comments.
 */
#ifndef FENQI_TESTS_VECTOR_FILE_H
#define FENQI_TESTS_VECTOR_FILE_H

#include "base/arena.h"

enum { VECTOR_FIELDS_MAX = 16 };

struct vector {
    struct arena *arena;
    size_t count;
    const char *names[VECTOR_FIELDS_MAX], *values[VECTOR_FIELDS_MAX];
};

/* The value of a field, or NULL. */
const char *vector_text(const struct vector *vector, const char *name);
/* The same as bytes; `_hex` and `_base64` fields decoded. Fails the test when absent or malformed.
 */
struct bytes vector_bytes(const struct vector *vector, const char *name);

/* Calls `each` for every record of VECTORS/`file`; returns how many there were. */
size_t vector_file_each(const char *file, void (*each)(const struct vector *vector));

#endif
