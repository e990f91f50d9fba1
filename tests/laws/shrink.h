/*
 * shrink.h: the shortest life that still breaks a law. Exports: shrink().
 */
#ifndef FENQI_TESTS_LAWS_SHRINK_H
#define FENQI_TESTS_LAWS_SHRINK_H

#include "laws.h"

/*
 * Leaves out of `life` every event without which something still breaks: a law of which `broken`
 * hears, or a check. The lives are lived in children, because a failed check ends its process.
 */
void shrink(struct life *life, bool (*broken)(void));

#endif
