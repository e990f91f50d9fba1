/*
 * call_own.h: what the files of the API's frame share and resource files do not see. Exports:
 * struct call_own, call_begin(), call_take_over(), call_send().
 */
#ifndef FENQI_API_CALL_OWN_H
#define FENQI_API_CALL_OWN_H

#include "api/api.h"
#include "store/audit.h"
#include "store/idempotency.h"

/* A route as it is registered: the context of its handler. */
struct bound_route {
    struct api *api;
    const struct api_route *route;
};

struct call_own {
    struct unit unit;
    call_unit run;
    void (*answer)(struct call *call);
    void (*work)(struct call *call);
    void (*then)(struct call *call);
    struct idempotency idempotency;
    struct audit_record audit; /* action NULL: none */
    bool audits_itself;
    struct call_header *frame_headers; /* set before the unit, which may run again */
    bool waits;                        /* parked or at work: the frame goes on when it is resumed */
    bool taken;                        /* the handler answers by itself (streams) */
};

/* The handler of src/http for every route: authenticates, limits, runs the resource's handler. */
void call_begin(struct http_request *request, void *bound_route);

/* The resource answers through src/http by itself; the frame does nothing more. */
void call_take_over(struct call *call);

/* Sends what the call has answered. */
void call_send(struct call *call);

/* Who calls (identify.c). False when a problem has been given. */
bool call_identify(struct call *call);

#endif
