/*
 * payments.h: what the payment resources share. Exports: decode_purpose().
 */
#ifndef FENQI_API_PAYMENTS_H
#define FENQI_API_PAYMENTS_H

#include "api/decode.h"
#include "service/plan_payment.h"

/*
 * The member "purpose", a PaymentPurpose. Orders of other customers are order_not_found. False when
 * a problem was given.
 */
bool decode_purpose(struct decoder *body, struct purpose *purpose);

#endif
