/*
 * rates_driver.c: the engine's rates and annuities at the end of a pipe, for compare_rates.py.
 *
 * Reads lines of words and answers each with one line; numbers that no decimal holds are answered
 * as "MANTISSA_HEX EXPONENT" (times a power of two), refusals as "refused":
 *
 *     value|rate RULE COUNT [RATE] (AMOUNT WHOLE PART PARTS)…   RULE: 0 compound, 1 simple parts
 *     european UNIT START DAY, actuarial UNIT MULTIPLE START DAY → WHOLE PART PARTS
 *     annuity QUESTION ADVANCE RATE PERIODS PAYMENT PRESENT FUTURE PERIOD LAST
 */
#include "engine/annuity.h"
#include "engine/cost_rate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_SIZE = 1 << 17 };

static char *rest;

static const char *word(void) {
    const char *found = strsep(&rest, " \n");
    return found ? found : "";
}

static int32_t whole(void) {
    return (int32_t)strtol(word(), NULL, 10);
}

static struct real number(void) {
    const char *text = word();
    struct real value = REAL_ZERO;
    if (!real_from_text(text, strlen(text), &value))
        abort();
    return value;
}

static void answer(bool found, struct real value) {
    if (!found) {
        puts("refused");
        return;
    }
    int128 size = value.mantissa < 0 ? -value.mantissa : value.mantissa;
    printf("%s%llx%016llx %d\n", value.mantissa < 0 ? "-" : "", (unsigned long long)(size >> 64),
        (unsigned long long)size, value.exponent);
}

static void answer_flows(bool asks_value) {
    static struct cash_flow flows[CASH_FLOWS_MAX];
    struct cash_flows all = {flows, 0, (enum part_rule)whole()};
    all.count = whole();
    struct real rate = asks_value ? number() : REAL_ZERO;
    for (int32_t i = 0; i < all.count; i++) {
        flows[i].amount = number();
        flows[i].whole = whole();
        flows[i].part = whole();
        flows[i].parts = whole();
    }
    struct real out = REAL_ZERO;
    bool found =
        asks_value ? cash_flows_value(&all, rate, &out) : cash_flows_rate(&all, REAL_ZERO, &out);
    answer(found, out);
}

static void answer_time(bool european) {
    struct interval unit = {(enum interval_unit)whole(), european ? 1 : whole()};
    struct day start = {whole()};
    struct day day = {whole()};
    struct cash_flow flow = european ? cash_flow_european(REAL_ZERO, start, day, unit.unit)
                                     : cash_flow_actuarial(REAL_ZERO, start, day, unit);
    printf("%d %d %d\n", flow.whole, flow.part, flow.parts);
}

static void answer_annuity(void) {
    const char *question = word();
    struct annuity annuity = {.in_advance = whole() == 1};
    annuity.rate = number();
    annuity.periods = number();
    annuity.payment = number();
    annuity.present = number();
    annuity.future = number();
    struct real period = number();
    struct real last = number();
    struct real out = REAL_ZERO;
    bool found = false;
    if (strcmp(question, "payment") == 0)
        found = annuity_payment(&annuity, &out);
    else if (strcmp(question, "present") == 0)
        found = annuity_present_value(&annuity, &out);
    else if (strcmp(question, "future") == 0)
        found = annuity_future_value(&annuity, &out);
    else if (strcmp(question, "periods") == 0)
        found = annuity_periods(&annuity, &out);
    else if (strcmp(question, "interest") == 0)
        found = annuity_interest(&annuity, period, &out);
    else if (strcmp(question, "principal") == 0)
        found = annuity_principal(&annuity, period, &out);
    else if (strcmp(question, "interest_between") == 0)
        found = annuity_interest_between(&annuity, period, last, &out);
    else if (strcmp(question, "principal_between") == 0)
        found = annuity_principal_between(&annuity, period, last, &out);
    answer(found, out);
}

int main(void) {
    static char line[LINE_SIZE];
    while (fgets(line, sizeof line, stdin)) {
        rest = line;
        const char *first = word();
        if (strcmp(first, "value") == 0 || strcmp(first, "rate") == 0)
            answer_flows(first[0] == 'v');
        else if (strcmp(first, "annuity") == 0)
            answer_annuity();
        else
            answer_time(first[0] == 'e');
    }
    return 0;
}
