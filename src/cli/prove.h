/*
 * prove.h: `fenqi verify --prove NUMBER`. Exports: prove_number_read(), prove().
 */
#ifndef FENQI_CLI_PROVE_H
#define FENQI_CLI_PROVE_H

#include "base/public_number.h"
#include "store/store.h"

/* "P…" or "R…"; false when it is neither. */
bool prove_number_read(const char *text, struct public_number *number);

/*
 * Prints a line of JSON for each journal entry that the payment or refund caused (docs/proof.md).
 * *proven is false when there is none, or one that no signed root covers: standard error says why.
 */
enum status prove(struct store *store, const struct public_number *number, bool *proven,
    struct fault *fault) FENQI_MUST_USE;

#endif
