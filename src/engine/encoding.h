/*
 * encoding.h: terms, states and events as compact byte strings. Exports: the *_encode() and
 * *_decode() pairs and the room that they want.
 *
 * The store keeps them opaque. They open with a format version and what they are; integers are
 * zigzag LEB128. Equal values give equal bytes. Decoding takes exactly what encoding makes and
 * refuses all else (short, long, unknown version, value outside its enum).
 */
#ifndef FENQI_ENGINE_ENCODING_H
#define FENQI_ENGINE_ENCODING_H

#include "engine/contract.h"

#include <stddef.h>
#include <stdint.h>

enum {
    TERMS_BYTES_MAX = 4096, /* an ordinary product takes about 0.2 kB */
    EVENT_BYTES_MAX = 128,
    STATE_BYTES_MAX = 131072, /* 400 instalments; 12 take about 0.8 kB */
};

/* Writes into out[room]; returns the length, or 0 when `room` is too small. */
size_t terms_encode(const struct terms *terms, uint8_t *out, size_t room);
size_t contract_event_encode(const struct contract_event *event, uint8_t *out, size_t room);
size_t contract_state_encode(const struct contract_state *state, uint8_t *out, size_t room);

/* Reads exactly `length` bytes; false, *out undefined, when they are not one such value. */
bool terms_decode(const uint8_t *bytes, size_t length, struct terms *out);
bool contract_event_decode(const uint8_t *bytes, size_t length, struct contract_event *out);
bool contract_state_decode(const uint8_t *bytes, size_t length, struct contract_state *out);

#endif
