/*
 * inside.h: how long a program is inside the engine. Exports: inside_start(), inside_stop().
 *
 * The linker's --wrap puts our functions before those of the engine that `fenqi calc` calls
 * (listed in the meson.build beside); the outermost call counts, calls from engine to engine do
 * not.
 */
#ifndef FENQI_BENCH_ENGINE_INSIDE_H
#define FENQI_BENCH_ENGINE_INSIDE_H

#include <stdint.h>

void inside_start(void);

/* Nanoseconds inside the engine since inside_start(). */
int64_t inside_stop(void);

#endif
