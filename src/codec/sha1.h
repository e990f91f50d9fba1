/*
 * sha1.h: SHA-1, only because the card acquirer's signatures are made over it. Exports: sha1_hex().
 */
#ifndef FENQI_CODEC_SHA1_H
#define FENQI_CODEC_SHA1_H

#include "base/arena.h"

/* 40 lower-case hexadecimal digits. */
char *sha1_hex(struct arena *arena, struct bytes message);

#endif
