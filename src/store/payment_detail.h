/*
 * payment_detail.h: what a payment's row holds as JSON. Exports: payment_detail_write(),
 * payment_detail_read(), PAYMENT_DETAIL_CONTRACT, PAYMENT_DETAIL_ORDER.
 *
 *     {"parts":[{"contract":7,"order":8,"fen":35417,"target":1,"event":2}],
 *      "paid":[[1,3,20500,33333,2084,0,0,0]],
 *      "steps":[[0,1,"created"],[812,3,"succeeded"]]}
 *
 * in one line without blanks. `paid`: which part (1-based), instalment, due day as a day number,
 * principal, interest, fee, penalty and what is left after, in fen. `steps`: microseconds after
 * the payment was created, state, code. SQL finds the payments of an order or a contract by the
 * members' texts, so their order and spelling are part of the encoding. The pattern is CAST in
 * those queries: SQLite prepares a statement anew for each value of a bare parameter after LIKE.
 */
#ifndef FENQI_STORE_PAYMENT_DETAIL_H
#define FENQI_STORE_PAYMENT_DETAIL_H

#include "store/payment.h"

#define PAYMENT_DETAIL_CONTRACT "contract"
#define PAYMENT_DETAIL_ORDER "order"

/* Parts, allocations and steps of the payment; each allocation is of a contract of its parts. */
const char *payment_detail_write(struct arena *arena, const struct payment *payment);

/*
 * Sets parts, allocations and steps of a payment whose created_at is set. False when the text is
 * not exactly what payment_detail_write() writes.
 */
bool payment_detail_read(struct arena *arena, const char *text, struct payment *payment);

#endif
