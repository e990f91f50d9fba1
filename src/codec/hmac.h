/*
 * hmac.h: HMAC-SHA256 with a key of any length. Exports: hmac_sha256().
 */
#ifndef FENQI_CODEC_HMAC_H
#define FENQI_CODEC_HMAC_H

#include "base/arena.h"

enum { HMAC_SHA256_SIZE = 32 };

void hmac_sha256(struct bytes key, struct bytes message, uint8_t mac[HMAC_SHA256_SIZE]);

#endif
