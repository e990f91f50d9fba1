/*
 * api.h: what a resource file of src/api is written with. Exports: struct api, struct api_route,
 * struct call and its functions.
 *
 * A resource file is a table of routes and for each a handler: decode, one use case, encode.
 *
 *     struct pay_state { struct take_payment command; struct take_payment_answer answer; };
 *
 *     static enum status pay_unit(struct tx *tx, struct moment moment, struct call *call,
 *         struct fault *fault) {
 *         struct pay_state *pay = call->state;
 *         return take_payment(tx, moment, &pay->command, &pay->answer, fault);
 *     }
 *     static void pay_answer(struct call *call) {
 *         struct pay_state *pay = call->state;
 *         switch (pay->answer.outcome) {
 *         case TAKE_PAYMENT_OK: break;
 *         case TAKE_PAYMENT_NOTHING_OWED: call_problem(call, PROBLEM_NOTHING_OWED, NULL); return;
 *         }
 *         struct json json = json_start(call->arena);
 *         ...
 *         call_json(call, 201, &json);
 *     }
 *     static void pay(struct call *call) {
 *         struct pay_state *pay = ARENA_NEW(call->arena, struct pay_state);
 *         call->state = pay;
 *         if (!decode_pay(call, pay)) return;  // it has answered with a problem that names the
 * field call_write(call, call->customer_id, pay_unit, pay_answer);
 *     }
 *     const struct api_route payment_routes[] = {
 *         {HTTP_POST, "/payments", pay, API_CUSTOMER, .idempotent = true},
 *         {HTTP_GET, "/payments/{payment_id}", ...},
 *         API_ROUTES_END,
 *     };
 *
 * Before a handler runs, the frame (call.c) has checked what needs no database: that the call names
 * a caller of the route's kind, the CSRF token of cookie callers that change state, the
 * Idempotency-Key where the route wants one, and the rate limits. The caller's ids are a claim
 * until the unit or read runs, which looks first whether the session lives, in the same
 * transaction; it also takes the staff's name and role and the shop's id from there. So a handler
 * may decode by them and queue a unit, no more: one that acts by itself asks call_known() first.
 */
#ifndef FENQI_API_API_H
#define FENQI_API_API_H

#include "api/problem.h"
#include "api/storage_health.h"
#include "base/day.h"
#include "base/json_write.h"
#include "http/http.h"
#include "http/static.h"
#include "service/begin_payment.h"
#include "store/staff.h"

struct store;
struct tx;
struct vault;
struct code_sender;
struct demo_codes;
struct event_hub;
struct receipt_desk;
struct rate_limiter;
struct call;

/* Who may call a route. */
enum api_caller {
    API_PUBLIC,   /* anybody; a customer's session is recognised when there is one */
    API_CUSTOMER, /* cookie fenqi_session; 401 not_logged_in otherwise */
    API_SHOP,     /* Authorization: Bearer KEY */
    API_STAFF,    /* cookie fenqi_staff */
    API_CHANNEL,  /* a payment channel's notification: raw body, verified by the handler */
    API_DEMO,     /* as API_PUBLIC, and the route exists in demo mode only */
};

/* Which bucket a call is taken from, beside the one that every call of an address is taken from. */
enum api_rate {
    API_RATE_NORMAL, /* by session or address */
    API_RATE_SLOW,   /* password, code and token checks: few per minute and address */
};

typedef void (*api_handler)(struct call *call);

struct api_route {
    enum http_method method;
    const char *pattern; /* below /api/v1 */
    api_handler handler;
    enum api_caller caller;
    bool idempotent; /* Idempotency-Key is required and kept with the answer */
    enum api_rate rate;
    size_t body_limit_bytes; /* 0: 64 KiB for POST, PUT, PATCH and nothing for GET and DELETE */
    bool no_csrf;            /* changes state by cookie and yet needs no token (log in) */
    unsigned roles;          /* API_STAFF: STAFF_ROLE() bits of those who may; 0: every role */
};
#define STAFF_ROLE(role) (1U << (unsigned)(role))
#define API_ROUTES_END                                                                             \
    { .pattern = NULL }

/* Which routes a process answers; every one answers /healthz. */
enum api_part {
    API_PART_ALL,
    API_PART_PEOPLE,    /* all but the notifications of providers: without their keys */
    API_PART_PROVIDERS, /* only those */
    API_PART_NONE,
};

enum api_mode { API_MODE_DEMO, API_MODE_TEST, API_MODE_LIVE };

struct api_config {
    enum api_mode mode;
    enum api_part part;
    const char *version;
    const char *public_url; /* "https://pay.example.com", no slash at the end */
    const char *data_directory;
    const char *service_phone; /* the operator's line for customers */
    const char *service_hours; /* when it is answered, every day: "09:00–21:00" */
    bool secure_cookies;       /* set Secure on cookies: the public address is https */
    int rate_scale;            /* the limits of rate_limit.h times this; 0: none */
    struct http_site customer_site;
    struct http_site console_site;
};

/* One per process, unchanging after start, shared by all loops. */
struct api {
    struct store *store;
    struct http_server *server;
    struct event_hub *events;
    struct rate_limiter *limiter;
    struct receipt_desk *receipts;
    struct channels *channels;  /* never NULL; without a merchant file it has no provider */
    struct payment_rails rails; /* what may be paid by: this process's channels, or the others' */
    struct api_config config;
    const struct vault *vault;             /* the keys of this installation */
    const struct code_sender *code_sender; /* how one-time codes leave */
    struct demo_codes *demo_codes;         /* demo mode only, else NULL */
    struct instant (*clock)(void *context);
    void *clock_context;
    struct arena *arena;           /* of the process: what is made at registration */
    struct storage_health storage; /* what /healthz says of writing */
};

/* The answer that a call has made, before it is sent. */
struct call_header {
    const char *name;
    const char *value;
    struct call_header *next;
};
struct call_reply {
    int status; /* 0: none yet */
    const char *content_type;
    struct bytes body;
    struct call_header *headers;
    const char *etag;          /* NULL: none */
    enum problem_code problem; /* the last problem given, for the log; PROBLEM_NONE */
};

typedef enum status (*call_unit)(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault);

/* One request on its way through the API. In the request's arena. */
struct call {
    struct api *api;
    struct http_request *http;
    struct arena *arena;
    const struct api_route *route;
    void *state;        /* the resource's own: command and answer */
    struct instant now; /* the clock when the request came */

    int64_t customer_id; /* API_CUSTOMER; in the unit of API_PUBLIC with a session; else 0 */
    int64_t session_id;
    int64_t staff_id;           /* API_STAFF */
    enum staff_role staff_role; /* from here to shop_id: in the unit only */
    const char *staff_name;
    int64_t shop_id;             /* API_SHOP */
    const char *idempotency_key; /* NULL unless the route is idempotent */
    const char *csrf_token;      /* of a session begun in this call; see call_csrf_token() */

    struct call_reply reply;
    struct call_log_member *log;
    struct call_own *own; /* of call.c */
};

/* ---- the one use case ---- */

/*
 * Runs `unit` on a committer in a transaction of key `key` (the customer's id, or STORE_NO_KEY),
 * then, when it is durable, `answer` on the loop. With an idempotent route a finished answer given
 * before under the same key is sent again instead. A unit that leaves a refusal in its answer must
 * call tx_refuse(); `answer` then words it. `unit` may run more than once and sets its whole answer
 * each time. Failures of the environment are answered by the frame. Ends the handler.
 *
 * On an idempotent route `answer` runs inside the transaction, so that its words are stored with
 * the writes: it must use only the call.
 */
void call_write(struct call *call, int64_t key, call_unit unit, void (*answer)(struct call *call));

/*
 * Before call_write(): `foresee` tells the store what the unit is going to load, so that it is
 * loaded together with who calls. It runs before that is known and may decide nothing.
 */
void call_foresee(struct call *call, void (*foresee)(struct tx *tx, struct call *call));

/*
 * Says what a member of staff is about to do to whose data: the record is written in the same
 * transaction as the unit, unless that refuses. Every call_write() of a staff route needs it, so
 * nothing that staff change, and no view of a customer that goes through call_write(), is without
 * its record. customer_id 0: nobody's data. `subject` is a public number or a name of a thing,
 * never personal data.
 */
void call_audit(struct call *call, const char *action, int64_t customer_id, const char *subject);
/* The use case writes its own record, so that it is there whoever calls it. */
void call_audits_itself(struct call *call);

/* Runs `unit` here on a read-only snapshot and then `answer`. Ends the handler. */
void call_read(struct call *call, call_unit unit, void (*answer)(struct call *call));

/*
 * Makes sure of the caller now, in a snapshot of its own, for a handler that acts without a unit.
 * False when the call has an answer already: nobody is logged in, the role may not.
 */
bool call_known(struct call *call);

/*
 * Runs `work` on a worker thread (argon2, PDF), then `then` on the loop, which goes on with
 * call_write(), call_read() or an answer. Ends the handler.
 */
void call_work(struct call *call, void (*work)(struct call *call), void (*then)(struct call *call));

/* ---- answers: exactly one per call; they take effect when the handler or answer returns ---- */

/* A JSON document. */
void call_json(struct call *call, int status, struct json *json);
/* 204. */
void call_no_content(struct call *call);
/* Any bytes, copied with the arena: PDF, SVG. */
void call_bytes(struct call *call, int status, const char *content_type, struct bytes body);
/*
 * RFC 9457 from spec/problems.tsv. `field` is the path of the field at fault
 * ("goods[0].amount_fen") or NULL. Its status comes with the code.
 */
void call_problem(struct call *call, enum problem_code code, const char *field);
/* As call_problem() with numbers or names put in the place of {name} in the detail texts. */
void call_problem_values(struct call *call, enum problem_code code, const char *field,
    const struct problem_value *values, size_t count);
/* A failure of the environment: logged, answered as busy, internal … by spec/status.tsv. */
void call_fault(struct call *call, const struct fault *fault);
/* A header of the answer (ETag, Set-Cookie, Location, Content-Disposition). */
void call_header(struct call *call, const char *name, const char *value);
/*
 * The version of what is answered, with its quotes: a GET whose If-None-Match names it is answered
 * 304 without the body.
 */
void call_etag(struct call *call, const char *etag);
/*
 * Sets a cookie as the session cookies are set: HttpOnly, Path=/, SameSite as given, Secure when
 * the public address is https. max_age_s 0 deletes it.
 */
void call_cookie(struct call *call, const char *name, const char *value, int64_t max_age_s,
    const char *same_site);

/* ---- what came ---- */

/* A path parameter; a name that the pattern lacks is a bug. */
const char *call_parameter(const struct call *call, const char *name);
/* A query parameter, NULL when absent. */
const char *call_query(struct call *call, const char *name);
/*
 * A whole number of the query between `low` and `high`; `otherwise` when absent. False, and a
 * field_invalid problem given, when it is anything else.
 */
bool call_query_integer(struct call *call, const char *name, int64_t low, int64_t high,
    int64_t otherwise, int64_t *out);
/* Gives field_unknown for the first query parameter that is not in the NULL-ended list; true when
 * none. */
bool call_query_known(struct call *call, const char *const *names);

/* The token that the client of the caller's session has to send with what changes state; NULL when
 * there is no session. */
const char *call_csrf_token(struct call *call);

/*
 * Takes one call from the bucket that `name` and `key` (a phone's hash, an account) name: `burst`
 * calls at once, one more each `period_s` seconds. False, and rate_limited given, when it is empty.
 */
bool call_take(struct call *call, const char *name, struct bytes key, int burst, int period_s);

/* ---- log ---- */

/* Adds a member to this request's log line. Never secrets, numbers of cards, phones, identities. */
void call_log(struct call *call, const char *name, const char *value);

/* ---- registration (main) ---- */

/* All resource tables, ended by NULL; src/api/routes.c lists them. */
extern const struct api_route *const api_route_tables[];

/*
 * Registers every route of the tables with api->server, /healthz and the web apps. Demo routes
 * exist in demo mode only.
 */
void api_register(struct api *api);

/* The words of the server's own errors, for http_options.error; the context is the api. */
void api_error(struct http_request *request, enum http_error error, void *context);

/* What a call adds to its request's log line. */
struct call_log_member {
    const char *name;
    const char *value;
    struct call_log_member *next;
};

/* The call of a request in the access hook, NULL when the API did not see it. */
const struct call *api_call_of(const struct http_access *access);

#endif
