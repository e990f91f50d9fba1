/*
 * life_document.h: a contract's life as a document of `fenqi calc`. Exports: event_can_be_said(),
 * write_life_document().
 */
#ifndef FENQI_TESTS_LAWS_LIFE_DOCUMENT_H
#define FENQI_TESTS_LAWS_LIFE_DOCUMENT_H

#include "base/arena.h"
#include "engine/contract.h"

/* Whether JSON can say it: its numbers in their ranges, no field but those of its kind. */
bool event_can_be_said(const struct contract_event *event);

/* One line with the terms, the events and a question of every kind. */
struct bytes write_life_document(struct arena *arena, const struct terms *terms,
    const struct contract_event *events, size_t count);

#endif
