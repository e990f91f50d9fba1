/*
 * identify.c: who calls, and whether they may. Exports: call_identify().
 *
 * In this order: the bucket of the address, the site that the browser says the call comes from, who
 * the cookie or key belongs to, the CSRF token, the role of staff, the form of Idempotency-Key, the
 * bucket of the session.
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

struct identity {
    const struct call *call;
    const char *cookie;
    const char *key_hash;
    struct caller caller;
    int64_t shop_id;
};

static enum status load_identity(struct tx *tx, void *context) {
    struct identity *identity = context;
    if (identity->key_hash != NULL) {
        struct shop *shop;
        enum status status = shop_by_key(tx, identity->key_hash, &shop);
        identity->shop_id = status == STATUS_OK && shop != NULL ? shop->shop_id : 0;
        return status;
    }
    if (identity->call->route->caller == API_STAFF)
        return authenticate_staff(tx, identity->call->now, identity->cookie, &identity->caller);
    return authenticate_customer(tx, identity->call->now, identity->cookie, &identity->caller);
}

/* The SHA-256 of the bearer's key, NULL when the header is missing or of another kind. */
static const char *bearer_hash(struct call *call) {
    const char *header = http_request_header(call->http, "Authorization");
    if (header == NULL || strncasecmp(header, "Bearer ", 7) != 0)
        return NULL;
    const char *key = header + 7 + strspn(header + 7, " ");
    return *key == '\0' ? NULL : sha256_hex(call->arena, bytes_of_text(key));
}

/* A unit of its own: prolonging a session is nothing that the call waits for. */
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

static void touch(struct call *call) {
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

static void adopt(struct call *call, const struct identity *identity) {
    call->shop_id = identity->shop_id;
    if (identity->caller.id == 0)
        return;
    call->session_id = identity->caller.session_id;
    if (call->route->caller == API_STAFF) {
        call->staff_id = identity->caller.id;
        call->staff_role = identity->caller.role;
        call->staff_name = identity->caller.name;
    } else {
        call->customer_id = identity->caller.id;
        if (identity->caller.touch)
            touch(call);
    }
    struct session_token token;
    check(session_token_read(identity->cookie, &token));
    call->csrf_token =
        session_token_csrf(&token, arena_allocate(call->arena, CSRF_TOKEN_TEXT_SIZE));
}

static bool find_caller(struct call *call) {
    struct identity identity = {.call = call};
    if (call->route->caller == API_SHOP)
        identity.key_hash = bearer_hash(call);
    else
        identity.cookie = http_request_cookie(
            call->http, call->route->caller == API_STAFF ? "fenqi_staff" : "fenqi_session");
    if (identity.cookie == NULL && identity.key_hash == NULL)
        return true;
    struct fault fault = {0};
    enum status status =
        store_read(call->api->store, call->arena, load_identity, &identity, &fault);
    if (status != STATUS_OK) {
        call_fault(call, &fault);
        return false;
    }
    adopt(call, &identity);
    return true;
}

static bool check_csrf(struct call *call) {
    if (!changes_state(call) || call->route->no_csrf)
        return true;
    struct session_token token;
    const char *cookie = http_request_cookie(
        call->http, call->route->caller == API_STAFF ? "fenqi_staff" : "fenqi_session");
    const char *header = http_request_header(call->http, "X-CSRF-Token");
    if (cookie != NULL && session_token_read(cookie, &token) &&
        session_token_csrf_matches(&token, header))
        return true;
    call_problem(call, PROBLEM_CSRF_INVALID, NULL);
    return false;
}

/* The one place that decides what a role may do; the routes' tables say what they want. */
static bool check_role(struct call *call) {
    unsigned roles = call->route->roles;
    if (roles == 0 || (roles & STAFF_ROLE(call->staff_role)) != 0)
        return true;
    call_problem(call, PROBLEM_ROLE_NOT_ALLOWED, NULL);
    return false;
}

/* Whether the caller is of the kind that the route wants. */
static bool check_caller(struct call *call) {
    switch (call->route->caller) {
    case API_PUBLIC:
    case API_CHANNEL:
    case API_DEMO:
        return true;
    case API_CUSTOMER:
        if (call->customer_id == 0) {
            call_problem(call, PROBLEM_NOT_LOGGED_IN, NULL);
            return false;
        }
        return check_csrf(call);
    case API_STAFF:
        if (call->staff_id == 0) {
            call_problem(call, PROBLEM_NOT_LOGGED_IN, NULL);
            return false;
        }
        return check_csrf(call) && check_role(call);
    case API_SHOP:
        if (call->shop_id == 0) {
            call_header(call, "WWW-Authenticate", "Bearer");
            call_problem(call, PROBLEM_NOT_LOGGED_IN, NULL);
            return false;
        }
        return true;
    }
    check(false);
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

static bool take_session(struct call *call) {
    if (call->session_id == 0)
        return true;
    struct bytes session = {(const uint8_t *)&call->session_id, sizeof call->session_id};
    return take(call, &session_limit, session, false);
}

bool call_identify(struct call *call) {
    const char *trace = http_request_header(call->http, "traceparent");
    if (trace != NULL && strlen(trace) == 55 && trace[2] == '-' && trace[35] == '-' &&
        strspn(trace + 3, "0123456789abcdef") == 32)
        call_log(call, "trace_id", arena_text_n(call->arena, trace + 3, 32));
    return take_address(call) && check_site(call) && find_caller(call) && check_caller(call) &&
           check_idempotency_key(call) && take_session(call);
}
