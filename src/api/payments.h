/*
 * payments.h: what the payment resources share. Exports: decode_purpose(),
 * answer_created_payment().
 */
#ifndef FENQI_API_PAYMENTS_H
#define FENQI_API_PAYMENTS_H

#include "api/decode.h"
#include "service/payment_view.h"
#include "service/plan_payment.h"

/*
 * The member "purpose", a PaymentPurpose. Orders of other customers are order_not_found. False when
 * a problem was given.
 */
bool decode_purpose(struct decoder *body, struct purpose *purpose);

/* Answers with the problem, or, when it is none, 201 and the payment. */
void answer_created_payment(
    struct call *call, enum problem_code problem, const struct payment_view *view);

#endif
