/*
 * payment_words.h: names and texts of payments. Exports: payment_state_name(),
 * payment_entry_name(), payment_initiator_name(), payment_purpose_name(), payment_method_name(),
 * their readers, payment_reason_words(), payment_next_words(), payment_step_words().
 */
#ifndef FENQI_SERVICE_PAYMENT_WORDS_H
#define FENQI_SERVICE_PAYMENT_WORDS_H

#include "service/source_words.h"
#include "store/payment.h"

/* As in spec/openapi.yaml. */
const char *payment_state_name(enum payment_state state);
const char *payment_entry_name(enum payment_entry entry);
const char *payment_initiator_name(enum payment_initiator initiator);
const char *payment_purpose_name(enum payment_purpose purpose);
const char *payment_method_name(enum payment_method method);

/* NULL-ended lists for decoding: index + 1 is the value. */
extern const char *const payment_purpose_names[];
extern const char *const payment_method_names[];
extern const char *const payment_entry_names[];

/* Why a payment failed; "" when it did not. */
struct words payment_reason_words(const struct payment *payment);

/* What to do now that it failed. */
struct words payment_next_words(const struct payment *payment);

/* One step of a payment's history. */
struct words payment_step_words(const struct payment *payment, const struct payment_step *step);

#endif
