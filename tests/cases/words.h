/*
 * words.h: the words of a line of a case or a life. Exports: struct words, words_of(), word_is(),
 * word_money(), word_day(), word_number(), word_rate(), set_term(), the tables of names.
 *
 * Reading fails loudly: a word that is not what it should be ends the program with the line.
 */
#ifndef FENQI_TESTS_CASES_WORDS_H
#define FENQI_TESTS_CASES_WORDS_H

#include "engine/contract.h"

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

enum component word_component(const struct words *words, int i);
enum payment_target word_target(const struct words *words, int i);
enum rounding word_rounding(const struct words *words, int i);

extern const char *const component_names[COMPONENT_COUNT];
extern const char *const status_names[CONTRACT_STATUS_COUNT];
extern const char *const instalment_state_names[INSTALMENT_STATE_COUNT];

/* Sets the term called words[i] from words[i + 1…]; returns the index after it. */
int set_term(struct terms *terms, const struct words *words, int i);

#endif
