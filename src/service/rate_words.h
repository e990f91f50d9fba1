/*
 * rate_words.h: rates as people read them. Exports: percent_words().
 */
#ifndef FENQI_SERVICE_RATE_WORDS_H
#define FENQI_SERVICE_RATE_WORDS_H

#include "base/arena.h"
#include "base/rate.h"

/* "14.40%", "0.05%", "0.0525%": at least two decimals, more only where they are not zero. */
char *percent_words(struct arena *arena, struct rate rate);

#endif
