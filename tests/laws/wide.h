/*
 * wide.h: what products and lives have beyond the usual. Exports: widen_terms(), wide_event().
 */
#ifndef FENQI_TESTS_LAWS_WIDE_H
#define FENQI_TESTS_LAWS_WIDE_H

#include "generate.h"

/* Puts one to three rare agreements into usual terms; they may be refused together. */
void widen_terms(struct dice *dice, struct terms *terms);

/* An event of the kinds that change the plan or end the contract, on `day`; sequence is left. */
struct contract_event wide_event(struct dice *dice, const struct terms *terms,
    const struct contract_state *state, struct day day);

#endif
