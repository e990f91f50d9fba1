/*
 * fuzz_engine.c: the engine's events under a fuzzer. Exports LLVMFuzzerTestOneInput().
 *
 * Bytes choose terms and events: most events are such as the generator of the laws makes, some are
 * numbers as they come, which the engine must refuse or bear. Every law is held; one that is broken
 * prints the life as a text case and aborts. With FENQI_FUZZ_CANARY the state is spoilt by one fen
 * after an early settlement: a fuzzer that does not find that finds nothing.
 */
#include "../laws/laws.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

enum { DAY_LEAST = -25000, DAY_MOST = 2900000 }; /* 1901 to 9909 */

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
    const int32_t near = life.terms.start_day.number + (int32_t)roll(dice, -9, 900);
    struct contract_event event = {
        .kind = (enum contract_event_kind)roll(dice, 0, EVENT_KIND_COUNT - 1),
        .sequence = once_in(dice, 8) ? (uint32_t)roll(dice, 0, 100) : life.state.last_sequence + 1,
        .day = {once_in(dice, 8) ? (int32_t)roll(dice, DAY_LEAST, DAY_MOST) : near},
        .amount = {once_in(dice, 2) ? roll(dice, 0, 100000)
                                    : roll(dice, -MONEY_MAX_FEN, MONEY_MAX_FEN)},
        .target = (enum payment_target)roll(dice, 0, TARGET_COUNT - 1),
        .source = (enum payment_source)roll(dice, 0, SOURCE_COUNT - 1),
        .component = (enum component)roll(dice, 0, COMPONENT_COUNT - 1),
        .instalment = (int32_t)roll(dice, 0, once_in(dice, 4) ? INSTALMENTS_MAX : 12),
        .days = (int32_t)roll(dice, 0, once_in(dice, 4) ? INT32_MAX : 200),
        .reversed_sequence = (uint32_t)roll(dice, 0, 20),
    };
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
