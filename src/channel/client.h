/*
 * client.h: the only file of this room that knows a network. Exports: struct client_options,
 * client_start(), client_perform().
 */
#ifndef FENQI_CHANNEL_CLIENT_H
#define FENQI_CHANNEL_CLIENT_H

#include "channel/exchange.h"

struct client_options {
    int32_t connect_timeout_ms;
    int32_t answer_timeout_ms; /* of the whole exchange */
};

/* Once per process, before any thread calls client_perform(). */
void client_start(void);

/*
 * Sends an exchange on this thread's own libcurl handle (connections are kept alive between calls)
 * and waits for the reply, whose headers and body live in `arena`. Redirects are not followed; only
 * http and https are spoken.
 */
void client_perform(struct arena *arena, const struct client_options *options,
    const struct exchange *exchange, struct reply *reply);

#endif
