/*
 * movement.h: what an event moves in the books, by name. Exports: enum movement, movement_name(),
 * struct movement_line.
 *
 * The engine says what moved and how much; spec/postings.tsv says between which two accounts, and
 * ledger/posting.h has that table under the same numbers (tests/unit/books holds the two lists
 * together).
 */
#ifndef FENQI_ENGINE_MOVEMENT_H
#define FENQI_ENGINE_MOVEMENT_H

#include "base/money.h"

enum movement {
    MOVEMENT_PRINCIPAL_LENT,      /* a drawdown: the shop is owed the goods' price */
    MOVEMENT_INTEREST_RECOGNISED, /* interest became income: due, paid before, or day by day */
    MOVEMENT_FEE_RECOGNISED,
    MOVEMENT_INTEREST_SUBSIDISED,   /* the shop's part of interest became income */
    MOVEMENT_RECEIVED_FROM_CHANNEL, /* a payment's money, before it is spread over the debt */
    MOVEMENT_RECEIVED_FROM_CREDIT,  /* the same, out of the customer's credit balance */
    MOVEMENT_RECEIVED_AS_GOODWILL,  /* the same, at the operator's expense */
    MOVEMENT_RECEIVED_FROM_SHOP,    /* the same, from the shop for goods taken back */
    MOVEMENT_INTEREST_GIVEN_BACK,   /* the same, out of interest that was income */
    MOVEMENT_CHARGE_GIVEN_BACK,     /* the same, out of fees that were income */
    MOVEMENT_PRINCIPAL_PAID,
    MOVEMENT_INTEREST_PAID,
    MOVEMENT_FEE_PAID,
    MOVEMENT_PENALTY_PAID,           /* penalty is income when it is received */
    MOVEMENT_RECOVERED,              /* paid on a contract that was charged off */
    MOVEMENT_OVERPAID,               /* beyond the debt, to the credit balance */
    MOVEMENT_PRINCIPAL_CHARGED_BACK, /* a payment went back through the channel, owed again */
    MOVEMENT_INTEREST_CHARGED_BACK,
    MOVEMENT_FEE_CHARGED_BACK,
    MOVEMENT_PENALTY_CHARGED_BACK,
    MOVEMENT_PRINCIPAL_REFUNDED,    /* returned goods: debt that the shop gives back */
    MOVEMENT_REFUND_TO_CUSTOMER,    /* returned goods: principal that was already paid */
    MOVEMENT_COST_REBATED,          /* cost given back: full refund, or above the all-in cap */
    MOVEMENT_PRINCIPAL_CHARGED_OFF, /* charged or written off: a loss */
    MOVEMENT_INTEREST_CHARGED_OFF,
    MOVEMENT_FEE_CHARGED_OFF,
    MOVEMENT_PRINCIPAL_SOLD, /* the debt went to a buyer */
    MOVEMENT_INTEREST_SOLD,
    MOVEMENT_FEE_SOLD,
    MOVEMENT_SALE_PRICE,
};
enum { MOVEMENT_COUNT = MOVEMENT_SALE_PRICE + 1 };

/* amount is never 0; negative when a correction takes back what was moved before. */
struct movement_line {
    enum movement movement;
    struct money amount;
};

/* "principal_lent" …, as in spec/postings.tsv. */
const char *movement_name(enum movement movement);

#endif
