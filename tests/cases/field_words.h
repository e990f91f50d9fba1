/*
 * field_words.h: fields of engine/fields.h as words. Exports: read_field_word(),
 * print_field_word(), set_any_term(), print_other_terms().
 *
 * A fallback behind the table of term_words.c: every term has a word, also those that only few
 * cases need. What is printed can be read again.
 */
#ifndef FENQI_TESTS_CASES_FIELD_WORDS_H
#define FENQI_TESTS_CASES_FIELD_WORDS_H

#include "engine/fields.h"
#include "words.h"

#include <stdio.h>

/* Sets a scalar field of `object` from words[i]. */
void read_field_word(const struct field *field, void *object, const struct words *words, int i);

/* Writes a scalar field of `object` as one word. */
void print_field_word(FILE *out, const struct field *field, const void *object);

/* Sets the term called words[i]; returns the index after its values, or 0 when none is so called.
 */
int set_any_term(struct terms *terms, const struct words *words, int i);

/*
 * Writes " NAME VALUE …" of every term that is not as in terms_defaults() and that `is_told`, given
 * its offset in struct terms, does not claim for a shorter word.
 */
void print_other_terms(FILE *out, const struct terms *terms, bool (*is_told)(size_t offset));

#endif
