/*
 * fuzz_engine.c: the engine's events under a fuzzer. Exports LLVMFuzzerTestOneInput().
 *
 * Bytes choose terms and events: most events are such as the generator of the laws makes, some are
 * numbers as they come, which the engine must refuse or bear. Every law is held; one that is broken
 * prints the life as a text case and aborts. With FENQI_FUZZ_CANARY the state is spoilt by one fen
 * after an early settlement: a fuzzer that does not find that finds nothing.
 */
#include "../laws/laws.h"

#include "engine/fields.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

enum { SMALL = 900, DAY_MOST = 2932896 };

static struct life life;

void law_told(enum law law, bool holds, int line) {
    if (holds)
        return;
    fprintf(stderr, "law broken, line %d: %s\n", line, law_text(law));
    life_print(stderr, &life, "found by the fuzzer", "");
    abort();
}

/* An event whose numbers nobody chose with care: anything that contract_event_decode() takes. */
static struct contract_event raw_event(struct dice *dice) {
    struct contract_event event = {0};
    for (int32_t f = 0; f < event_fields.count; f++) {
        const struct field *field = &event_fields.fields[f];
        if (field->kind == FIELD_LIST)
            continue;
        int64_t most = field->kind == FIELD_DAY ? DAY_MOST : field->most;
        bool small = most > SMALL && !once_in(dice, 4);
        int64_t value = roll(dice, field->least, small ? SMALL : most);
        if (field->kind == FIELD_DAY && small)
            value += life.terms.start_day.number - 9;
        if (field_takes(field, value))
            field_set_integer(field, &event, value);
    }
    if (once_in(dice, 8))
        for (int c = 0; c < COMPONENT_COUNT; c++)
            event.parts[c] = money_fen(roll(dice, 0, SMALL));
    if (!once_in(dice, 8))
        event.sequence = life.state.last_sequence + 1;
    return event;
}

#ifdef FENQI_FUZZ_CANARY
static void spoil(const struct contract_event *event) {
    if (event->kind == EVENT_PAYMENT_SETTLED && event->target == TARGET_SETTLE &&
        life.state.status == CONTRACT_SETTLED)
        life.state.overpaid.fen++;
}
#endif

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    struct dice dice = dice_of_bytes(bytes, count);
    dice.wide = once_in(&dice, 2);
    struct terms terms;
    if (!try_random_terms(&dice, &terms))
        return -1;
    life_begin(&life, &terms, once_in(&dice, 8));
    while (dice.left > 0 && life.count < EVENTS_MAX) {
        struct contract_event event = once_in(&dice, 4) ? raw_event(&dice)
                                                        : random_event(&dice, &life.terms,
                                                              &life.state, life.events, life.count);
        if (life_happen(&life, &event) != CONTRACT_OK)
            continue;
#ifdef FENQI_FUZZ_CANARY
        spoil(&event);
#endif
    }
    life_end(&life);
    life_ask(&life, &dice);
    return 0;
}
