/*
 * term_words.h: terms as words. Exports: set_term(), print_terms().
 *
 * One table (term_words.c) says of every term what it is called and how its value is written; what
 * is printed can be read again, so that a life that somebody generated becomes a text case.
 */
#ifndef FENQI_TESTS_CASES_TERM_WORDS_H
#define FENQI_TESTS_CASES_TERM_WORDS_H

#include "words.h"

#include <stdio.h>

/* Sets the term called words[i] from words[i + 1…]; returns the index after it. */
int set_term(struct terms *terms, const struct words *words, int i);

/* Writes "NAME VALUE …" of every term that is not as in terms_defaults(), in one line. */
void print_terms(FILE *out, const struct terms *terms);

#endif
