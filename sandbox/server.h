/* server.h: sockets around the sandbox. Exports struct server_options and server_run(). */
#ifndef FENQI_SANDBOX_SERVER_H
#define FENQI_SANDBOX_SERVER_H

#include "sandbox/sandbox.h"

struct server_options {
    const char *address;
    uint16_t port; /* 0: a free one */
    struct sandbox_options sandbox;
};

/*
 * Listens, opens the sandbox, prints "listening http://ADDRESS:PORT", serves until SIGTERM or
 * SIGINT. One thread, libevent.
 */
enum status server_run(const struct server_options *options, struct fault *fault);

#endif
