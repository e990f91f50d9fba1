/*
 * call_own.h: what the files of the API's frame share and resource files do not see. Exports:
 * struct call_own, call_begin(), call_take_over(), call_send() and what identify.c says of callers.
 */
#ifndef FENQI_API_CALL_OWN_H
#define FENQI_API_CALL_OWN_H

#include "api/api.h"
#include "service/authenticate.h"
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
    void (*foresee)(struct tx *tx, struct call *call); /* NULL: nothing is foreseen */
    void (*answer)(struct call *call);
    void (*work)(struct call *call);
    void (*then)(struct call *call);
    struct idempotency idempotency;
    struct audit_record audit; /* action NULL: none */
    bool audits_itself;
    /* who the call claims to come from, and whether that is known (identify.c) */
    const char *cookie; /* of the route's kind and well formed; NULL: none */
    struct session_token token;
    const char *key_hash;              /* of a shop's key; NULL: none */
    struct call_header *claim_headers; /* of the answer, as they were when the claim was made */
    bool claimed;                      /* from here on it matters who calls */
    bool proven;                       /* the claim was held against the database */
    bool touch;                        /* the session is to be prolonged */
    struct call_header *frame_headers; /* set before the unit, which may run again */
    bool proven_before;                /* whether `proven` was, before the unit */
    bool queued;                       /* the store has, or had, the unit */
    bool waits;                        /* parked or at work: the frame goes on when it is resumed */
    bool taken;                        /* the handler answers by itself (streams) */
};

/* The handler of src/http for every route: authenticates, limits, runs the resource's handler. */
void call_begin(struct http_request *request, void *bound_route);

/* The resource answers through src/http by itself; the frame does nothing more. */
void call_take_over(struct call *call);

/* Sends what the call has answered. */
void call_send(struct call *call);

/* ---- identify.c ---- */

/* What needs no database. False when a problem has been given. */
bool call_identify(struct call *call);

/*
 * Whether the claim is true, inside the snapshot or unit of the call's work: sets who calls, or
 * gives the problem (call->reply.status is not 0 then). The business date comes with the session,
 * DAY_NONE where there is none. May run again with the unit.
 */
enum status call_prove(struct tx *tx, struct call *call, struct day *business_date) FENQI_MUST_USE;

/* As call_prove() when somebody else has looked up the session: the caller's id is 0 for nobody. */
void call_adopt(struct call *call, const struct caller *caller);

/* A failure of the environment in place of an answer, whoever calls: busy, internal. */
void call_fail(struct call *call, const struct fault *fault);

/* Prolongs the session when it was found to need it. On the loop. */
void call_touch(struct call *call);

#endif
