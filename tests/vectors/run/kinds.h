/* kinds.h: which kinds of published figures there are. Exports: vector_kind_named(). */
#ifndef FENQI_TESTS_VECTORS_KINDS_H
#define FENQI_TESTS_VECTORS_KINDS_H

#include "kind.h"

/* The kind that a file names in its head, or NULL. */
const struct vector_kind *vector_kind_named(const char *name);

#endif
