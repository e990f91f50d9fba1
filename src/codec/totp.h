/*
 * totp.h: time-based one-time passwords (RFC 6238 over RFC 4226). Exports: totp_code(),
 * TOTP_STEP_S.
 */
#ifndef FENQI_CODEC_TOTP_H
#define FENQI_CODEC_TOTP_H

#include "base/arena.h"

enum { TOTP_STEP_S = 30, TOTP_DIGITS = 6, TOTP_TEXT_SIZE = 7 };

/* The code of a seed in time step `step` (Unix seconds / 30), HMAC-SHA1; returns text. */
char *totp_code(struct bytes seed, int64_t step, char text[TOTP_TEXT_SIZE]);

#endif
