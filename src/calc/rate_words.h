/*
 * rate_words.h: rates with their labels. Exports: enum rate_label, write_labelled_rate(),
 * write_decimal().
 */
#ifndef FENQI_CALC_RATE_WORDS_H
#define FENQI_CALC_RATE_WORDS_H

#include "base/json_write.h"
#include "base/real.h"

enum rate_label {
    RATE_LABEL_NOMINAL,       /* irr_nominal */
    RATE_LABEL_EFFECTIVE,     /* irr_effective */
    RATE_LABEL_SIMPLE,        /* simple */
    RATE_LABEL_EUROPEAN,      /* european_aprc */
    RATE_LABEL_ACTUARIAL,     /* regulation_z_apr */
    RATE_LABEL_IRR,           /* irr a period */
    RATE_LABEL_IRR_NOMINAL,   /* × periods a year */
    RATE_LABEL_IRR_EFFECTIVE, /* compounded */
    RATE_LABEL_XIRR,          /* days / 365 */
};
enum { RATE_LABEL_COUNT = RATE_LABEL_XIRR + 1 };

/* {"rate", "zh", "en", "percent", "decimal"}; both null when no rate was found. */
void write_labelled_rate(struct json *json, enum rate_label label, bool found, struct real value);

/* The names, for the schema. */
extern const char *const rate_label_names[RATE_LABEL_COUNT];

/*
 * A number as a text with up to `decimals` (0..15) digits after the point, rounded half up, zeros
 * at the end cut; null when it does not fit 63 bits.
 */
void write_decimal(struct json *json, const char *name, struct real value, int32_t decimals);

#endif
