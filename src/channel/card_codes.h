/*
 * card_codes.h: what the card acquirer's business codes mean. Exports: card_code_unclear(),
 * card_code_failure().
 */
#ifndef FENQI_CHANNEL_CARD_CODES_H
#define FENQI_CHANNEL_CARD_CODES_H

#include "channel/channel.h"

/* Codes that say nothing about the money: the number must be asked about. */
bool card_code_unclear(const char *code);

/* The class of a definite failure; REJECTED for a code that is not in the table. */
enum channel_failure card_code_failure(const char *code);

#endif
