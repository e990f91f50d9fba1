/*
 * identify.c: who calls, and whether they may. Exports: call_identify(), call_prove(),
 * call_adopt(), call_known(), call_fail(), call_touch(); call_csrf_token() of api.h.
 *
 * Refusals come in this order: the bucket of the address, the site that the browser says the call
 * comes from, who the cookie or key belongs to, the CSRF token, the role of staff, the form of
 * Idempotency-Key, the bucket of the session; then the resource's own.
 *
 * What needs no database is looked at first, on the loop (call_identify()): the cookie says whom it
 * claims to be. Whether that is true is read inside the same snapshot or unit as the work itself
 * (call_prove()), so that a call costs one transaction, and a session that has ended does nothing
 * more from the commit on that ended it. An answer that was found before anybody looked (a field
 * that is wrong, say) is not told to somebody unknown: the frame then looks before it sends.
 */
#include "api/call_own.h"

#include "api/rate_limit.h"
#include "base/check.h"
#include "codec/sha256.h"
#include "service/authenticate.h"
#include "store/shop.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * Calls of one address: a household or an office behind one address reads comfortably, a program
 * that tries numbers does not get far. Slow ones guard what can be guessed.
 */
static const struct rate_limit address_limit = {"address", 300, 20000};
static const struct rate_limit slow_limit = {"address-slow", 20, 6000000};
static const struct rate_limit session_limit = {"session", 120, 50000};

/* Takes a token; false with 429 given. The bucket's state goes into the RateLimit headers. */
static bool take(
    struct call *call, const struct rate_limit *base, struct bytes key, bool announce) {
    int scale = call->api->config.rate_scale;
    if (scale == 0)
        return true;
    struct rate_limit limit = {base->name, base->burst * scale, base->period_us / scale};
    struct rate_state state = rate_limiter_take(call->api->limiter, &limit, key, rate_clock_us());
    int64_t wait_s = (state.wait_us + 999999) / 1000000;
    if (announce || !state.allowed) {
        int64_t window_s = limit.burst * limit.period_us / 1000000;
        call_header(call, "RateLimit-Policy",
            arena_printf(call->arena, "\"%s\";q=%d;w=%" PRId64, limit.name, limit.burst,
                window_s < 1 ? 1 : window_s));
        call_header(call, "RateLimit",
            arena_printf(
                call->arena, "\"%s\";r=%d;t=%" PRId64, limit.name, state.remaining, wait_s));
    }
    if (state.allowed)
        return true;
    char *seconds = arena_printf(call->arena, "%" PRId64, wait_s < 1 ? 1 : wait_s);
    call_header(call, "Retry-After", seconds);
    struct problem_value values[] = {{"seconds", seconds}};
    call_problem_values(call, PROBLEM_RATE_LIMITED, NULL, values, 1);
    return false;
}

static bool changes_state(const struct call *call) {
    return http_request_method(call->http) != HTTP_GET;
}

/* A browser tells when another site makes it call; shops and providers are no browsers. */
static bool check_site(struct call *call) {
    const char *site = http_request_header(call->http, "Sec-Fetch-Site");
    bool by_browser = call->route->caller != API_SHOP && call->route->caller != API_CHANNEL;
    if (by_browser && changes_state(call) && site != NULL && strcasecmp(site, "cross-site") == 0) {
        call_problem(call, PROBLEM_ORIGIN_INVALID, NULL);
        return false;
    }
    return true;
}

static bool check_idempotency_key(struct call *call) {
    if (!call->route->idempotent)
        return true;
    const char *key = http_request_header(call->http, "Idempotency-Key");
    size_t length = key == NULL ? 0
                                : strspn(key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                              "0123456789_-");
    if (length < 16 || length > 64 || key[length] != '\0') {
        call_problem(call, PROBLEM_IDEMPOTENCY_KEY_REQUIRED, NULL);
        return false;
    }
    call->idempotency_key = key;
    return true;
}

/* ---- who ---- */

/* The SHA-256 of the bearer's key, NULL when the header is missing or of another kind. */
static const char *bearer_hash(struct call *call) {
    const char *header = http_request_header(call->http, "Authorization");
    if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
        return NULL;
    const char *key = header + 7 + strspn(header + 7, " ");
    return *key == '\0' ? NULL : sha256_hex(call->arena, bytes_of_text(key));
}

/*
 * Takes down whom the cookie or key names. Nobody has looked whether it is true: the ids may be
 * used to decode and to queue, and nothing is told or done before call_prove().
 */
static void claim(struct call *call) {
    struct call_own *own = call->own;
    if (call->route->caller == API_SHOP) {
        own->key_hash = bearer_hash(call);
        return;
    }
    const char *cookie = http_request_cookie(
        call->http, call->route->caller == API_STAFF ? "fenqi_staff" : "fenqi_session");
    if (cookie == NULL || !session_token_read(cookie, &own->token))
        return;
    own->cookie = cookie;
    if (call->route->caller == API_STAFF)
        call->staff_id = own->token.owner_id;
    else if (call->route->caller == API_CUSTOMER)
        call->customer_id = own->token.owner_id;
    call->session_id = own->token.session_id;
}

const char *call_csrf_token(struct call *call) {
    if (call->csrf_token == NULL && call->session_id != 0)
        call->csrf_token = session_token_csrf(
            &call->own->token, arena_allocate(call->arena, CSRF_TOKEN_TEXT_SIZE));
    return call->csrf_token;
}

/* Takes the place of whatever was answered before it was known who calls. */
static void refuse_caller(struct call *call, enum problem_code code) {
    call->reply = (struct call_reply){.headers = call->own->claim_headers};
    if (code == PROBLEM_NOT_LOGGED_IN && call->route->caller == API_SHOP)
        call_header(call, "WWW-Authenticate", "Bearer");
    call_problem(call, code, NULL);
}

/* Whether a caller of this kind must be somebody. */
static bool wants_caller(const struct call *call) {
    switch (call->route->caller) {
    case API_PUBLIC:
    case API_CHANNEL:
    case API_DEMO:
        return false;
    case API_CUSTOMER:
    case API_STAFF:
    case API_SHOP:
        return true;
    }
    check(false);
    return true;
}

/* Takes the claim back, so that the log does not repeat what nobody has looked at. */
static void forget(struct call *call) {
    call->customer_id = call->staff_id = call->session_id = 0;
}

static void nobody(struct call *call) {
    forget(call);
    if (wants_caller(call))
        refuse_caller(call, PROBLEM_NOT_LOGGED_IN);
}

/* The one place that decides what a role may do; the routes' tables say what they want. */
static void check_role(struct call *call) {
    unsigned roles = call->route->roles;
    if (roles != 0 && (roles & STAFF_ROLE(call->staff_role)) == 0 &&
        call->reply.problem != PROBLEM_CSRF_INVALID)
        refuse_caller(call, PROBLEM_ROLE_NOT_ALLOWED);
}

void call_adopt(struct call *call, const struct caller *caller) {
    call->own->proven = true;
    if (caller->id == 0) {
        nobody(call);
        return;
    }
    call->session_id = caller->session_id;
    if (call->route->caller == API_STAFF) {
        call->staff_id = caller->id;
        call->staff_role = caller->role;
        call->staff_name = caller->name;
        check_role(call);
    } else {
        call->customer_id = caller->id;
        call->own->touch = caller->touch;
    }
}

static enum status prove_shop(struct tx *tx, struct call *call) {
    struct shop *shop;
    enum status status = shop_by_key(tx, call->own->key_hash, &shop);
    if (status != STATUS_OK)
        return status;
    call->own->proven = true;
    call->shop_id = shop == NULL ? 0 : shop->shop_id;
    if (shop == NULL)
        nobody(call);
    return STATUS_OK;
}

enum status call_prove(struct tx *tx, struct call *call, struct day *business_date) {
    const struct call_own *own = call->own;
    *business_date = DAY_NONE;
    if (own->key_hash != NULL)
        return prove_shop(tx, call);
    if (own->cookie == NULL) {
        call->own->proven = true; /* a public route, and nobody in particular */
        return STATUS_OK;
    }
    struct caller caller;
    enum status status = call->route->caller == API_STAFF
                             ? authenticate_staff(tx, call->now, own->cookie, &caller)
                             : authenticate_customer(tx, call->now, own->cookie, &caller);
    if (status != STATUS_OK)
        return status;
    *business_date = caller.business_date;
    call_adopt(call, &caller);
    return STATUS_OK;
}

static enum status prove_alone(struct tx *tx, void *context) {
    struct day ignored;
    return call_prove(tx, context, &ignored);
}

void call_fail(struct call *call, const struct fault *fault) {
    if (!call->own->proven)
        forget(call);
    call->own->proven = true;
    call->reply = (struct call_reply){.headers = call->own->claim_headers};
    call_fault(call, fault);
}

bool call_known(struct call *call) {
    if (!call->own->proven && call->own->claimed && wants_caller(call)) {
        struct fault fault = {0};
        enum status status = store_read(call->api->store, call->arena, prove_alone, call, &fault);
        if (status != STATUS_OK)
            call_fail(call, &fault);
    }
    return call->reply.status == 0;
}

/* ---- prolonging a session ---- */

/* A unit of its own: nothing that the call waits for. */
struct touch {
    struct unit unit;
    int64_t customer_id;
    int64_t session_id;
    struct instant now;
};

static enum status run_touch(struct tx *tx, void *context) {
    struct touch *touch = context;
    return touch_session(tx, touch->now, touch->customer_id, touch->session_id);
}

static void touch_done(struct unit *unit) {
    free(unit->context);
}

void call_touch(struct call *call) {
    if (!call->own->touch)
        return;
    call->own->touch = false;
    struct touch *touch = calloc(1, sizeof *touch);
    check(touch != NULL);
    touch->customer_id = call->customer_id;
    touch->session_id = call->session_id;
    touch->now = call->now;
    touch->unit = (struct unit){
        .run = run_touch, .context = touch, .key = call->customer_id, .done = touch_done};
    if (store_submit(call->api->store, &touch->unit) != STATUS_OK)
        free(touch); /* the next call tries again */
}

/* ---- what needs no database ---- */

static bool check_csrf(struct call *call) {
    bool by_cookie = call->route->caller == API_CUSTOMER || call->route->caller == API_STAFF;
    if (!by_cookie || !changes_state(call) || call->route->no_csrf)
        return true;
    const char *header = http_request_header(call->http, "X-CSRF-Token");
    if (header != NULL && session_token_csrf_matches(&call->own->token, header))
        return true;
    call_problem(call, PROBLEM_CSRF_INVALID, NULL);
    return false;
}

/* Whether the call names somebody at all; a call that does not is refused here. */
static bool check_claim(struct call *call) {
    bool somebody = call->own->cookie != NULL || call->own->key_hash != NULL;
    call->own->claimed = true;
    call->own->claim_headers = call->reply.headers;
    if (somebody || !wants_caller(call))
        return true;
    call->own->proven = true;
    nobody(call);
    return false;
}

static bool take_address(struct call *call) {
    struct bytes address = bytes_of_text(http_request_peer(call->http));
    if (call->route->caller == API_CHANNEL)
        return true; /* providers come from few addresses and are verified by signature */
    bool slow = call->route->rate == API_RATE_SLOW;
    return take(call, &address_limit, address, !slow) &&
           (!slow || take(call, &slow_limit, address, true));
}

/* By the whole cookie: who does not know the secret cannot empty the bucket of a session. */
static bool take_session(struct call *call) {
    return call->own->cookie == NULL ||
           take(call, &session_limit, bytes_of_text(call->own->cookie), false);
}

bool call_identify(struct call *call) {
    const char *trace = http_request_header(call->http, "traceparent");
    if (trace != NULL && strlen(trace) == 55 && trace[2] == '-' && trace[35] == '-' &&
        strspn(trace + 3, "0123456789abcdef") == 32)
        call_log(call, "trace_id", arena_text_n(call->arena, trace + 3, 32));
    if (!take_address(call) || !check_site(call))
        return false;
    claim(call);
    return check_claim(call) && check_csrf(call) && check_idempotency_key(call) &&
           take_session(call);
}
