/*
 * amount_words.h: why an amount is what it is, in words. Exports: struct worded_line,
 * struct worded_lines, yuan_words(), word_explanation(), join_lines(), write_lines().
 *
 * The engine says which rule made which part of an amount; here the rule gets its words in Chinese
 * and English. The lines add up to the amount that they explain.
 */
#ifndef FENQI_SERVICE_AMOUNT_WORDS_H
#define FENQI_SERVICE_AMOUNT_WORDS_H

#include "base/json_write.h"
#include "engine/explain.h"

struct worded_line {
    const char *label_zh, *label_en;
    struct money amount;
    const char *basis_zh, *basis_en; /* NULL: the label says all */
};

struct worded_lines {
    size_t count;
    struct worded_line *lines;
};

/* "1,234.56": yuan with thousands separators, in `arena`. */
char *yuan_words(struct arena *arena, struct money amount);

/*
 * The explanation's lines in words. With `number_instalments` each label names its instalment
 * (第3期本金), for sums over several.
 */
struct worded_lines word_explanation(
    struct arena *arena, const struct explanation *explanation, bool number_instalments);

/* Adds the lines of `more` behind those of `lines`. */
void join_lines(struct arena *arena, struct worded_lines *lines, const struct worded_lines *more);

/* Writes an array of ExplainLine (spec/openapi.yaml). */
void write_lines(struct json *json, const char *name, const struct worded_lines *lines);

#endif
