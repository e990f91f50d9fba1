/* event_words.c: reads and writes events. Exports what event_words.h declares. */
#include "event_words.h"

#include "base/check.h"

static const char *const target_names[TARGET_COUNT] = {
    "overdue", "due", "instalment", "order", "in_advance", "settle"};
static const char *const source_words[SOURCE_COUNT] = {"pay", "pay_from_credit"};

static bool payment_of_words(const struct words *words, struct contract_event *event) {
    for (int source = 0; source < SOURCE_COUNT; source++)
        if (word_is(words, 0, source_words[source])) {
            event->kind = EVENT_PAYMENT_SETTLED;
            event->source = (enum payment_source)source;
            event->amount = word_money(words, 2);
            event->target = (enum payment_target)word_of(words, 3, target_names, TARGET_COUNT);
            event->instalment = words->count > 4 ? word_number(words, 4) : 0;
            return true;
        }
    return false;
}

bool event_of_words(const struct words *words, struct contract_event *event) {
    *event = (struct contract_event){0};
    if (payment_of_words(words, event)) {
        /* filled */
    } else if (word_is(words, 0, "reverse")) {
        event->kind = EVENT_PAYMENT_REVERSED;
        event->reversed_sequence = (uint32_t)word_number(words, 2);
    } else if (word_is(words, 0, "waive")) {
        event->kind = EVENT_WAIVED;
        event->component = word_component(words, 2);
        event->amount = word_money(words, 3);
        event->instalment = words->count > 4 ? word_number(words, 4) : 0;
    } else if (word_is(words, 0, "extend")) {
        event->kind = EVENT_EXTENSION_GRANTED;
        event->instalment = word_number(words, 2);
        event->days = word_number(words, 3);
    } else if (word_is(words, 0, "refund")) {
        event->kind = EVENT_MERCHANT_REFUNDED;
        event->amount = word_money(words, 2);
    } else if (word_is(words, 0, "day")) {
        event->kind = EVENT_DAY_REACHED;
    } else {
        return false;
    }
    event->day = word_day(words, 1);
    return true;
}

void print_event(FILE *out, const struct contract_event *event) {
    char day[DAY_TEXT_SIZE];
    char amount[MONEY_TEXT_SIZE];
    day_to_text(event->day, day);
    money_to_yuan(event->amount, amount);
    switch (event->kind) {
    case EVENT_ACTIVATED:
        break;
    case EVENT_PAYMENT_SETTLED:
        fprintf(out, "%s %s %s %s", source_words[event->source], day, amount,
            target_names[event->target]);
        if (event->target == TARGET_INSTALMENT)
            fprintf(out, " %d", event->instalment);
        return;
    case EVENT_PAYMENT_REVERSED:
        fprintf(out, "reverse %s %u", day, event->reversed_sequence);
        return;
    case EVENT_WAIVED:
        fprintf(out, "waive %s %s %s %d", day, component_names[event->component], amount,
            event->instalment);
        return;
    case EVENT_EXTENSION_GRANTED:
        fprintf(out, "extend %s %d %d", day, event->instalment, event->days);
        return;
    case EVENT_MERCHANT_REFUNDED:
        fprintf(out, "refund %s %s", day, amount);
        return;
    case EVENT_DAY_REACHED:
        fprintf(out, "day %s", day);
        return;
    }
    check(!"printable");
}
