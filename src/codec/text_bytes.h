/*
 * text_bytes.h: bytes as text. Exports: hex_write(), hex_read(), base64_write(), base64_read().
 */
#ifndef FENQI_CODEC_TEXT_BYTES_H
#define FENQI_CODEC_TEXT_BYTES_H

#include "base/arena.h"

/* Lower-case hexadecimal, NUL-terminated. */
char *hex_write(struct arena *arena, struct bytes bytes);

/* Either case, even length, nothing else; false otherwise. */
bool hex_read(struct arena *arena, struct bytes text, struct bytes *out);

/* RFC 4648 base 64 with padding, NUL-terminated. */
char *base64_write(struct arena *arena, struct bytes bytes);

/* Strict: padding required, no white space, no other letters; false otherwise. */
bool base64_read(struct arena *arena, struct bytes text, struct bytes *out);

#endif
