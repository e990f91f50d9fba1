/*
 * fineract_limits.h: where the engine and the published loans part. Exports: life_miss(),
 * life_has(), limit_drawdown(), limit_payment(), limit_charge(), limit_end().
 *
 * A limit is false, with life->missing set, when what follows cannot be compared.
 */
#ifndef FENQI_TESTS_VECTORS_FINERACT_LIMITS_H
#define FENQI_TESTS_VECTORS_FINERACT_LIMITS_H

#include "fineract_life.h"

/* Nothing can be said from now on; the first reason stays. */
void life_miss(struct life *life, const char *why);

/* Whether there is a transaction of that kind, undone or not. */
bool life_has(const struct life *life, enum transaction_kind kind);

bool limit_drawdown(struct life *life, struct day day);
bool limit_payment(
    struct life *life, enum payment_source source, struct day day, struct money amount);
bool limit_charge(struct life *life, struct day due);

/* A charge-off, or the debt called in. */
bool limit_end(struct life *life, struct day day, bool called_in);

#endif
