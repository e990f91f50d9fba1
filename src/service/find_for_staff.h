/*
 * find_for_staff.h: the console's one search box. Exports: enum staff_match, struct staff_hit,
 * find_for_staff().
 *
 * Phone numbers are stored sealed and found by their keyed hash, names are stored sealed only: so a
 * whole phone number finds its owner, a part of it or a name finds nobody.
 */
#ifndef FENQI_SERVICE_FIND_FOR_STAFF_H
#define FENQI_SERVICE_FIND_FOR_STAFF_H

#include "base/money.h"
#include "base/public_number.h"
#include "codec/vault.h"
#include "store/customer.h"

enum { STAFF_HITS_MAX = 20, STAFF_QUERY_MAX = 64 };

/* What matched. */
enum staff_match {
    STAFF_MATCH_PHONE,
    STAFF_MATCH_ORDER,
    STAFF_MATCH_SHOP_ORDER,
    STAFF_MATCH_PAYMENT,
    STAFF_MATCH_EXTENSION_REQUEST,
};

struct staff_hit {
    struct customer customer;
    enum staff_match match;
    const char *number; /* our number of the thing; NULL for a phone */
    struct money overdue;
};

/*
 * Whose is a whole phone number, an order's, payment's or extension request's number (in any case
 * of letters), or a shop's own order number, which several shops may have given.
 */
enum status find_for_staff(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *query, struct staff_hit hits[STAFF_HITS_MAX], size_t *count) FENQI_MUST_USE;

#endif
