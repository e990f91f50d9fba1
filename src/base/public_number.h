/*
 * public_number.h: the numbers by which a customer's things are named outside. Exports: struct
 * public_number, public_number_write(), public_number_read().
 *
 * One prefix letter for the kind, 13 characters of customer_id, 13 of the thing's own id
 * (Crockford's base 32, without I L O U), one check character: 28 characters, within the 32 that
 * payment channels allow. The customer's id inside lets a notification or a scanned receipt find
 * its shard at once; the check character refuses every single wrong character and every swap of
 * neighbours.
 */
#ifndef FENQI_BASE_PUBLIC_NUMBER_H
#define FENQI_BASE_PUBLIC_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum public_number_kind {
    PUBLIC_ORDER = 'D',
    PUBLIC_CONTRACT = 'K',
    PUBLIC_PAYMENT = 'P',
    PUBLIC_FUNDING_SOURCE = 'F',
    PUBLIC_MANDATE = 'M',
    PUBLIC_EXTENSION_REQUEST = 'X',
    PUBLIC_REFUND = 'R',
    PUBLIC_CERTIFICATE = 'C',
    PUBLIC_SESSION = 'S',
    PUBLIC_NOTICE = 'N',
};

enum { PUBLIC_NUMBER_LENGTH = 28, PUBLIC_NUMBER_SIZE = 29 };

struct public_number {
    enum public_number_kind kind;
    int64_t customer_id;
    int64_t id;
};

/* Writes the number into text[PUBLIC_NUMBER_SIZE]; returns text. Ids must not be negative. */
char *public_number_write(
    enum public_number_kind kind, int64_t customer_id, int64_t id, char text[PUBLIC_NUMBER_SIZE]);

/* Reads a number of `kind`; false when length, letters, kind or check character are wrong. */
bool public_number_read(const char *text, enum public_number_kind kind, struct public_number *out);

#endif
