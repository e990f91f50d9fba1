/*
 * source_words.h: how methods and funding sources are named to people. Exports: struct words,
 * bank_words(), source_words(), method_words(), bank_of_card().
 */
#ifndef FENQI_SERVICE_SOURCE_WORDS_H
#define FENQI_SERVICE_SOURCE_WORDS_H

#include "store/funding_source.h"
#include "store/payment.h"

struct words {
    const char *zh, *en;
};

/* 招商银行 / China Merchants Bank; 银行 / Bank for a code that is not in the table. */
struct words bank_words(const char *bank_code);

/* The code of the bank that issued a card, by the first digits; "" when they are not in the table.
 */
const char *bank_of_card(const char *card_number);

/* 招商银行储蓄卡 尾号6621; `source` NULL is the credit balance. */
struct words source_words(struct arena *arena, const struct funding_source *source);

/* The method of a payment, with its card where it has one (NULL: a card that is not known). */
struct words method_words(
    struct arena *arena, enum payment_method method, const struct funding_source *source);

#endif
