/*
 * refusal_words.h: what the engine's refusals mean, in Chinese and English. Exports: struct
 * refusal_words, terms_refusal_words(), contract_refusal_words().
 */
#ifndef FENQI_CALC_REFUSAL_WORDS_H
#define FENQI_CALC_REFUSAL_WORDS_H

#include "engine/contract.h"

struct refusal_words {
    const char *zh;
    const char *en;
};

struct refusal_words terms_refusal_words(enum terms_refusal refusal);
struct refusal_words contract_refusal_words(enum contract_refusal refusal);

#endif
