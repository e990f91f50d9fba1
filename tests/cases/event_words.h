/*
 * event_words.h: events as words. Exports: event_of_words(), print_event().
 *
 * The words stand in README.md; what is printed can be read again.
 */
#ifndef FENQI_TESTS_CASES_EVENT_WORDS_H
#define FENQI_TESTS_CASES_EVENT_WORDS_H

#include "words.h"

#include <stdio.h>

/* The event of a line, without its sequence; false when its first word is not one of an event. */
bool event_of_words(const struct words *words, struct contract_event *event);

/* Writes the event as a line without its end. Not for EVENT_ACTIVATED, which no line says. */
void print_event(FILE *out, const struct contract_event *event);

#endif
