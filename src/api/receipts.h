/*
 * receipts.h: where receipts are printed. Exports: struct receipt_desk and its life.
 */
#ifndef FENQI_API_RECEIPTS_H
#define FENQI_API_RECEIPTS_H

struct receipt_desk;

/* The layout engine is opened with the first receipt, so that starting costs nothing. */
struct receipt_desk *receipt_desk_create(void);
void receipt_desk_destroy(struct receipt_desk *desk);

#endif
