/*
 * verify_payments.h: every payment's life held against contracts and journal. Exports:
 * check_payments().
 */
#ifndef FENQI_SERVICE_VERIFY_PAYMENTS_H
#define FENQI_SERVICE_VERIFY_PAYMENTS_H

#include "service/verify_books.h"

/*
 * What must hold, payment by payment: the journal moved exactly its amount when the money came (or
 * went, for a refund) and nothing otherwise; its parts add up to it; a part that became an event
 * belongs to a payment that succeeded, and each payment or refund event of a contract to one part
 * of the same amount; instalments are held by payments on their way, and by those only. Reads only;
 * adds to `report`, which the caller has begun.
 */
enum status check_payments(struct tx *tx, books_difference tell, void *context,
    struct books_report *report) FENQI_MUST_USE;

#endif
