/*
 * test_cards.h: cards with a behaviour of their own. Exports struct test_card, test_card_of(),
 * test_card_at(), card_number_valid() and bank_of_card().
 *
 * Numbers 6299 9900 BBBB NNNC: no bank issues this range; BBBB is the behaviour, NNN the holder's
 * choice, C the Luhn digit. Any other Luhn-valid number of 13 to 19 digits is an ordinary card.
 */
#ifndef FENQI_SANDBOX_TEST_CARDS_H
#define FENQI_SANDBOX_TEST_CARDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct test_card {
    const char *number;       /* a ready-made example */
    const char *behaviour;    /* the four digits */
    const char *meaning;      /* Chinese, English */
    int64_t balance_fen;      /* at the first sight of the card */
    const char *bind_code;    /* biz_resp_code of binding; "" when it works */
    const char *pay_code;     /* of each payment; "" when the balance decides */
    int64_t single_limit_fen; /* 0 is none */
    int64_t day_limit_fen;    /* 0 is none */
    int64_t pay_delay_ms;     /* how late the answer to a payment comes */
    const char *unknown_code; /* a payment is first "processing" with this code */
    const char *final_code;   /* and then ends with this one: 0000 is success */
    int failed_queries;       /* so many queries of a payment answer FF */
    int refused_first;        /* so many payments of the card are refused for lack of money */
};

/* The behaviour of a card number; the ordinary one when it is not in the range. Never NULL. */
const struct test_card *test_card_of(const char *number);

/* The table's rows in order; NULL after the last. */
const struct test_card *test_card_at(size_t index);

/* Digits only, 13 to 19 of them, right Luhn digit. */
bool card_number_valid(const char *number);

struct bank {
    const char *prefix;
    const char *code;
    const char *name;
};

/* By the number's first six digits; an invented bank for those that are not listed. */
const struct bank *bank_of_card(const char *number);

#endif
