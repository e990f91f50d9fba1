/*
 * fuzz_decode.c: the decoders of encoding.h under a fuzzer. Exports LLVMFuzzerTestOneInput().
 *
 * The first byte says which decoder reads the rest. What is taken must give the same bytes when it
 * is encoded again; terms that are taken and valid must have a plan that adds up. With
 * FENQI_FUZZ_CANARY an event that is taken makes the target read one byte behind its input.
 */
#include "base/check.h"
#include "engine/encoding.h"
#include "engine/schedule.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static uint8_t again[STATE_BYTES_MAX];

static void hold_plan(const struct terms *terms) {
    static struct schedule schedule;
    schedule_build(terms, &schedule);
    int64_t sum = 0;
    for (int32_t i = 0; i < schedule.count; i++) {
        check(schedule.rows[i].principal.fen >= 0 && schedule.rows[i].interest.fen >= 0);
        sum += schedule.rows[i].principal.fen;
    }
    check(sum == terms->principal.fen);
}

static void decode_terms(const uint8_t *bytes, size_t count) {
    struct terms terms;
    if (!terms_decode(bytes, count, &terms))
        return;
    check(terms_encode(&terms, again, sizeof again) == count);
    check(memcmp(bytes, again, count) == 0);
    if (terms_validate(&terms) == TERMS_OK)
        hold_plan(&terms);
}

static void decode_event(const uint8_t *bytes, size_t count) {
    struct contract_event event;
    if (!contract_event_decode(bytes, count, &event))
        return;
    check(contract_event_encode(&event, again, sizeof again) == count);
    check(memcmp(bytes, again, count) == 0);
#ifdef FENQI_FUZZ_CANARY
    again[0] = bytes[count];
#endif
}

static void decode_state(const uint8_t *bytes, size_t count) {
    static struct contract_state state;
    if (!contract_state_decode(bytes, count, &state))
        return;
    check(contract_state_encode(&state, again, sizeof again) == count);
    check(memcmp(bytes, again, count) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    if (count == 0)
        return 0;
    switch (bytes[0]) {
    case 't':
        decode_terms(bytes + 1, count - 1);
        break;
    case 'e':
        decode_event(bytes + 1, count - 1);
        break;
    case 's':
        decode_state(bytes + 1, count - 1);
        break;
    default: /* foreign: a byte of the fuzzer's choice */
        return -1;
    }
    return 0;
}
