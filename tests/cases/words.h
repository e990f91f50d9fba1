/*
 * words.h: the words of a line of a case or a life. Exports: struct words, words_of(), word_is(),
 * word_of(), word_money(), word_day(), word_number(), word_rate(), print_rate(), tables of names.
 *
 * Reading fails loudly: a word that is not what it should be ends the program with the line.
 */
#ifndef FENQI_TESTS_CASES_WORDS_H
#define FENQI_TESTS_CASES_WORDS_H

#include "engine/contract.h"

#include <stdio.h>

enum { WORDS_MAX = 700, LINE_MAX_BYTES = 8192 };

struct words {
    int line;
    int count;
    char text[LINE_MAX_BYTES];
    char *at[WORDS_MAX];
};

/* Splits at spaces; what follows a '#' is left out. */
void words_of(struct words *words, const char *line, int number);

/* Says what is wrong with the line and exits with 2. */
_Noreturn void words_fail(const struct words *words, const char *what);

bool word_is(const struct words *words, int i, const char *text);
struct money word_money(const struct words *words, int i);
struct day word_day(const struct words *words, int i);
int32_t word_number(const struct words *words, int i);

/* "12%" or "0.05%" as a rate. */
struct rate word_rate(const struct words *words, int i);

/* Writes the rate so that word_rate() reads it: "7.2%". */
void print_rate(FILE *out, struct rate rate);

/* The place of words[i] among `names`. */
int word_of(const struct words *words, int i, const char *const *names, int count);

enum component word_component(const struct words *words, int i);

extern const char *const component_names[COMPONENT_COUNT];
extern const char *const status_names[CONTRACT_STATUS_COUNT];
extern const char *const instalment_state_names[INSTALMENT_STATE_COUNT];
extern const char *const rounding_names[ROUNDING_COUNT];

#endif
