/*
 * stand_in.h: plays the payment channels while the demo's past is made. Exports:
 * stand_in_perform().
 *
 * It stands at the seam of channel.h: takes a request, gives an answer, knows nothing of the rest.
 * WeChat orders wait one question long, debits succeed or fail at once, now and then a card has no
 * money.
 */
#ifndef FENQI_DEMO_STAND_IN_H
#define FENQI_DEMO_STAND_IN_H

#include "channel/channel.h"
#include "demo/dice.h"

void stand_in_perform(struct arena *arena, struct dice *dice, const struct channel_request *request,
    struct instant now, struct channel_answer *answer);

#endif
