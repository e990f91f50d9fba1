/*
 * receipt_check.h: the short proof on a receipt. Exports: receipt_check_code(),
 * receipt_check_matches().
 *
 * The code is a keyed hash over what the receipt says of the payment (number, kind, amount, time,
 * the provider's number). Whoever has the receipt can have it checked; nobody else can make one up,
 * and a receipt whose amount was altered does not match.
 */
#ifndef FENQI_SERVICE_RECEIPT_CHECK_H
#define FENQI_SERVICE_RECEIPT_CHECK_H

#include "codec/vault.h"
#include "store/payment.h"

enum { RECEIPT_CHECK_SIZE = 17 }; /* 16 characters and NUL: 80 bits */

/* Writes the code of a succeeded payment; returns text. */
char *receipt_check_code(const struct vault *vault, const struct payment *payment,
    struct arena *arena, char text[RECEIPT_CHECK_SIZE]);

/* Whether `code` is the payment's, in constant time; false for a payment that did not succeed. */
bool receipt_check_matches(const struct vault *vault, const struct payment *payment,
    struct arena *arena, const char *code);

#endif
