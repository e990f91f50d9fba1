/* event_words.c: reads and writes events. Exports what event_words.h declares. */
#include "event_words.h"

#include "base/check.h"
#include "engine/fields.h"

static const char *const target_names[TARGET_COUNT] = {
    "overdue", "due", "instalment", "order", "in_advance", "settle", "principal"};
static const char *const source_words[SOURCE_COUNT] = {"pay", "pay_from_credit", "goodwill",
    "shop_pays", "interest_refund", "charge_refund", "down_payment"};

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

static const struct field *field_named(const struct words *words, int i) {
    for (int32_t f = 0; f < event_fields.count; f++)
        if (word_is(words, i, event_fields.fields[f].name))
            return &event_fields.fields[f];
    words_fail(words, "no such field of an event");
}

static int64_t field_of_words(const struct field *field, const struct words *words, int i) {
    switch (field->kind) {
    case FIELD_MONEY:
        return word_money(words, i).fen;
    case FIELD_RATE:
        return word_rate(words, i).per_billion;
    case FIELD_DAY:
        return word_day(words, i).number;
    case FIELD_ENUM:
        return word_of(words, i, field->names, (int)field->most + 1);
    case FIELD_BOOL:
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
    case FIELD_LIST:
    case FIELD_GROUP:
        break;
    }
    return word_number(words, i);
}

/* "event DAY KIND FIELD VALUE …": any event, by the names of engine/fields.h. */
static void any_event(const struct words *words, struct contract_event *event) {
    const struct field *kind = &event_fields.fields[0];
    event->kind = (enum contract_event_kind)word_of(words, 2, kind->names, (int)kind->most + 1);
    for (int i = 3; i + 1 < words->count; i += 2) {
        const struct field *field = field_named(words, i);
        if (field->kind == FIELD_LIST) { /* "parts PENALTY FEE INTEREST PRINCIPAL" */
            for (int c = 0; c < COMPONENT_COUNT; c++)
                event->parts[c] = word_money(words, ++i);
            i--;
            continue;
        }
        int64_t value = field_of_words(field, words, i + 1);
        if (!field_takes(field, value))
            words_fail(words, "out of range");
        field_set_integer(field, event, value);
    }
}

bool event_of_words(const struct words *words, struct contract_event *event) {
    *event = (struct contract_event){0};
    if (payment_of_words(words, event)) {
        /* filled */
    } else if (word_is(words, 0, "reverse")) {
        event->kind = EVENT_REVERSED;
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
    } else if (word_is(words, 0, "event")) {
        any_event(words, event);
    } else {
        return false;
    }
    event->day = word_day(words, 1);
    return true;
}

static void print_any(FILE *out, const struct contract_event *event) {
    char text[MONEY_TEXT_SIZE];
    fprintf(
        out, "event %s %s", day_to_text(event->day, text), contract_event_kind_name(event->kind));
    for (int32_t f = 3; f < event_fields.count; f++) {
        const struct field *field = &event_fields.fields[f];
        if (field->kind == FIELD_LIST) {
            fprintf(out, " %s", field->name);
            for (int c = 0; c < COMPONENT_COUNT; c++)
                fprintf(out, " %s", money_to_yuan(event->parts[c], text));
            continue;
        }
        int64_t value = field_integer(field, event);
        if (value == 0)
            continue;
        fprintf(out, " %s ", field->name);
        if (field->kind == FIELD_MONEY)
            fputs(money_to_yuan(money_fen(value), text), out);
        else if (field->kind == FIELD_RATE)
            fprintf(
                out, "%lld.%07lld%%", (long long)(value / 10000000), (long long)(value % 10000000));
        else if (field->kind == FIELD_DAY)
            fputs(day_to_text((struct day){(int32_t)value}, text), out);
        else if (field->kind == FIELD_ENUM)
            fputs(field->names[value], out);
        else
            fprintf(out, "%lld", (long long)value);
    }
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
        if (event->effect != EFFECT_LOWER_INSTALMENT) {
            print_any(out, event);
            return;
        }
        fprintf(out, "%s %s %s %s", source_words[event->source], day, amount,
            target_names[event->target]);
        if (event->target == TARGET_INSTALMENT)
            fprintf(out, " %d", event->instalment);
        return;
    case EVENT_REVERSED:
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
    case EVENT_DRAWN_DOWN:
    case EVENT_CHARGE_ADDED:
    case EVENT_CHARGED_BACK:
    case EVENT_RATE_CHANGED:
    case EVENT_INTEREST_PAUSED:
    case EVENT_DUE_DAY_CHANGED:
    case EVENT_PAUSED:
    case EVENT_RE_AGED:
    case EVENT_RE_AMORTISED:
    case EVENT_ACCELERATED:
    case EVENT_CHARGED_OFF:
    case EVENT_WRITTEN_OFF:
    case EVENT_SOLD:
    case EVENT_CAP_CHANGED:
        print_any(out, event);
        return;
    }
    check(!"printable");
}
