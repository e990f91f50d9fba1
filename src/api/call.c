/*
 * call.c: the frame around every resource handler. Exports: call_begin(), call_send(),
 * call_foresee(), call_write(), call_read(), call_work(), call_audit(), call_audits_itself(),
 * call_take_over(), api_error(), api_call_of().
 *
 * The way of a call: what it claims → limit → handler → (unit on a committer | read here | work on
 * a worker), which first looks who calls → answer → send. While a call waits its arena belongs to
 * the thread that works for it.
 */
#include "api/call_own.h"

#include "base/check.h"
#include "codec/sha256.h"
#include "store/setting.h"

#include <string.h>

/* ---- sending ---- */

static void send_headers(struct call *call) {
    bool cache_said = false;
    for (const struct call_header *at = call->reply.headers; at != NULL; at = at->next) {
        cache_said = cache_said || strcmp(at->name, "Cache-Control") == 0;
        http_reply_header(call->http, at->name, at->value);
    }
    if (!cache_said)
        http_reply_header(call->http, "Cache-Control", "no-store");
}

void call_send(struct call *call) {
    check(call->reply.status != 0);
    bool cached = call->reply.status == 200 && call->reply.etag != NULL;
    if (cached) {
        const char *known = http_request_header(call->http, "If-None-Match");
        if (known != NULL && http_request_method(call->http) == HTTP_GET &&
            http_etag_listed(known, call->reply.etag))
            call->reply = (struct call_reply){.status = 304, .headers = call->reply.headers};
    }
    send_headers(call);
    http_reply(call->http, call->reply.status, call->reply.content_type, call->reply.body);
}

void call_take_over(struct call *call) {
    call->own->taken = true;
}

/*
 * After a piece of the resource's code has run: send, unless it waits for something. An answer
 * that was found without looking who calls must not be told to anybody.
 */
static void go_on(struct call *call) {
    if (call->own->waits)
        return;
    if (!call->own->taken)
        call_known(call);
    call_touch(call);
    if (!call->own->taken)
        call_send(call);
}

/* ---- beginning ---- */

void call_begin(struct http_request *request, void *context) {
    struct bound_route *bound = context;
    struct arena *arena = http_request_arena(request);
    struct call *call = ARENA_NEW(arena, struct call);
    call->api = bound->api;
    call->http = request;
    call->arena = arena;
    call->route = bound->route;
    call->own = ARENA_NEW(arena, struct call_own);
    call->now = bound->api->clock(bound->api->clock_context);
    http_request_set_user(request, call);
    if (call_identify(call))
        bound->route->handler(call);
    go_on(call);
}

/* ---- writing ---- */

static enum idempotency_scope scope_of(const struct call *call) {
    switch (call->route->caller) {
    case API_SHOP:
        return IDEMPOTENCY_SHOP;
    case API_STAFF:
        return IDEMPOTENCY_STAFF;
    case API_CUSTOMER:
    case API_PUBLIC:
    case API_CHANNEL:
    case API_DEMO:
        return IDEMPOTENCY_CUSTOMER;
    }
    check(false);
    return IDEMPOTENCY_CUSTOMER;
}

/* Names the request: the same key with another method, path or body is another request. */
static void prepare_idempotency(struct call *call) {
    struct idempotency *idempotency = &call->own->idempotency;
    idempotency->scope = scope_of(call);
    idempotency->key = call->idempotency_key;
    const char *what = arena_printf(call->arena, "%s %s\n",
        http_method_name(http_request_method(call->http)), http_request_path(call->http));
    sha256_two(bytes_of_text(what), http_request_body(call->http), idempotency->body_hash);
}

void call_audit(struct call *call, const char *action, int64_t customer_id, const char *subject) {
    call->own->audit = (struct audit_record){
        .customer_id = customer_id,
        .actor_kind = ACTOR_STAFF,
        .actor_id = call->staff_id,
        .action = action,
        .subject = subject,
    };
}

void call_audits_itself(struct call *call) {
    call->own->audits_itself = true;
}

/* The resource's unit and the record of who did it. A refusal undoes both. */
static enum status run_audited(struct tx *tx, struct moment moment, struct call *call) {
    enum status status = call->own->run(tx, moment, call, tx_fault(tx));
    if (status != STATUS_OK || call->own->audit.action == NULL)
        return status;
    struct audit_record record = call->own->audit;
    record.created_at = moment.now;
    return audit_insert(tx, &record);
}

static void name_scope(struct call *call) {
    struct idempotency *idempotency = &call->own->idempotency;
    idempotency->scope_id = idempotency->scope == IDEMPOTENCY_SHOP    ? call->shop_id
                            : idempotency->scope == IDEMPOTENCY_STAFF ? call->staff_id
                                                                      : call->customer_id;
}

static enum status run_idempotent(struct tx *tx, struct moment moment, struct call *call) {
    struct call_own *own = call->own;
    name_scope(call);
    enum idempotency_outcome outcome;
    enum status status = idempotency_find(tx, &own->idempotency, &outcome);
    if (status != STATUS_OK)
        return status;
    if (outcome == IDEMPOTENCY_MISMATCH) {
        call_problem(call, PROBLEM_IDEMPOTENCY_KEY_REUSED, NULL);
        tx_refuse(tx);
        return STATUS_OK;
    }
    if (outcome == IDEMPOTENCY_REPEATED) {
        call->reply.status = own->idempotency.answer_status;
        call->reply.content_type = "application/json; charset=utf-8";
        call->reply.body = bytes_of_text(arena_text(call->arena, own->idempotency.answer_body));
        call_header(call, "Idempotent-Replayed", "true");
        tx_refuse(tx); /* nothing to write */
        return STATUS_OK;
    }
    status = run_audited(tx, moment, call);
    if (status != STATUS_OK)
        return status;
    own->answer(call);
    check(call->reply.status != 0);
    if (call->reply.status >= 400) {
        tx_refuse(tx); /* a refusal leaves no trace: the key may be used again */
        return STATUS_OK;
    }
    char *body =
        arena_text_n(call->arena, (const char *)call->reply.body.at, call->reply.body.length);
    return idempotency_save(tx, &own->idempotency, moment.now, call->reply.status, body);
}

/*
 * Before the resource's unit or read runs: who calls, and when. Leaves a problem in the reply when
 * the caller may not. The business date mostly comes with the session, in the same statement.
 */
static enum status enter(struct tx *tx, struct call *call, struct moment *moment) {
    struct day business_date = DAY_NONE;
    enum status status = call->own->proven ? STATUS_OK : call_prove(tx, call, &business_date);
    if (status != STATUS_OK || call->reply.status != 0)
        return status;
    if (day_is_none(business_date))
        return tx_moment(tx, moment);
    *moment = (struct moment){.now = tx_now(tx), .business_date = business_date};
    return STATUS_OK;
}

/* On a committer thread, perhaps more than once. */
static enum status run_unit(struct tx *tx, void *context) {
    struct call *call = context;
    call->reply = (struct call_reply){.headers = call->own->frame_headers};
    call->own->proven = call->own->proven_before;
    if (call->own->foresee != NULL) {
        name_scope(call);
        idempotency_foresee(tx, &call->own->idempotency);
        call->own->foresee(tx, call);
    }
    struct moment moment;
    enum status status = enter(tx, call, &moment);
    if (status != STATUS_OK)
        return status;
    if (call->reply.status != 0) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    if (call->route->idempotent)
        return run_idempotent(tx, moment, call);
    return run_audited(tx, moment, call);
}

/* On the loop again: words what the unit decided. */
static void after_unit(struct http_request *request, void *context) {
    (void)request;
    struct call *call = context;
    call->own->waits = false;
    if (call->own->queued)
        storage_health_note(&call->api->storage,
            call->own->unit.refused ? STATUS_CONFLICT : call->own->unit.status);
    if (call->own->unit.status != STATUS_OK)
        call_fail(call, &call->own->unit.fault);
    else if (call->reply.status == 0)
        call->own->answer(call);
    go_on(call);
}

static void unit_done(struct unit *unit) {
    struct call *call = unit->waiter;
    http_resume(call->http, after_unit, call);
}

void call_foresee(struct call *call, void (*foresee)(struct tx *tx, struct call *call)) {
    check(call->route->idempotent && call->route->caller == API_CUSTOMER);
    call->own->foresee = foresee;
}

void call_write(struct call *call, int64_t key, call_unit unit, void (*answer)(struct call *call)) {
    struct call_own *own = call->own;
    check(!own->waits);
    check(call->route->caller != API_STAFF || own->audit.action != NULL || own->audits_itself);
    own->run = unit;
    own->answer = answer;
    own->waits = true;
    own->frame_headers = call->reply.headers;
    own->proven_before = own->proven;
    if (call->route->idempotent)
        prepare_idempotency(call);
    own->unit = (struct unit){.run = run_unit,
        .context = call,
        .key = key,
        .arena = call->arena,
        .done = unit_done,
        .waiter = call};
    http_park(call->http, 0, NULL, NULL);
    own->queued = true; /* said before: the answer may come at once */
    enum status status = store_submit(call->api->store, &own->unit);
    if (status != STATUS_OK) {
        own->queued = false; /* the queue is full or closing, which is nothing of the disk's */
        own->unit.status = fault_set(&own->unit.fault, status, "the store takes no more units");
        unit_done(&own->unit);
    }
}

/* ---- reading ---- */

static enum status run_read(struct tx *tx, void *context) {
    struct call *call = context;
    call->reply = (struct call_reply){.headers = call->own->frame_headers};
    call->own->proven = call->own->proven_before;
    struct moment moment;
    enum status status = enter(tx, call, &moment);
    if (status != STATUS_OK || call->reply.status != 0)
        return status;
    return call->own->run(tx, moment, call, tx_fault(tx));
}

void call_read(struct call *call, call_unit unit, void (*answer)(struct call *call)) {
    struct fault fault = {0};
    call->own->run = unit;
    call->own->frame_headers = call->reply.headers;
    call->own->proven_before = call->own->proven;
    enum status status = store_read(call->api->store, call->arena, run_read, call, &fault);
    if (status != STATUS_OK)
        call_fail(call, &fault);
    else if (call->reply.status == 0)
        answer(call);
}

/* ---- working elsewhere ---- */

static void run_work(struct http_request *request, void *context) {
    (void)request;
    struct call *call = context;
    call->own->work(call);
}

static void after_work(struct http_request *request, void *context) {
    (void)request;
    struct call *call = context;
    call->own->waits = false;
    if (call->reply.status == 0)
        call->own->then(call);
    go_on(call);
}

void call_work(
    struct call *call, void (*work)(struct call *call), void (*then)(struct call *call)) {
    check(!call->own->waits);
    if (!call_known(call))
        return;
    call->own->work = work;
    call->own->then = then;
    call->own->waits = true;
    if (!http_work(call->http, run_work, after_work, call)) {
        call->own->waits = false;
        call->own->taken = true; /* the server has answered that it is busy */
    }
}

/* ---- the server's own errors, and the log ---- */

static enum problem_code code_of(enum http_error error) {
    switch (error) {
    case HTTP_ERROR_BAD_REQUEST:
        return PROBLEM_MALFORMED_REQUEST;
    case HTTP_ERROR_NOT_FOUND:
        return PROBLEM_NOT_FOUND;
    case HTTP_ERROR_METHOD_NOT_ALLOWED:
        return PROBLEM_METHOD_NOT_ALLOWED;
    case HTTP_ERROR_REQUEST_TIMEOUT:
        return PROBLEM_REQUEST_TIMEOUT;
    case HTTP_ERROR_BODY_TOO_LARGE:
        return PROBLEM_BODY_TOO_LARGE;
    case HTTP_ERROR_URI_TOO_LONG:
        return PROBLEM_URI_TOO_LONG;
    case HTTP_ERROR_EXPECTATION:
        return PROBLEM_EXPECTATION_FAILED;
    case HTTP_ERROR_HEAD_TOO_LARGE:
        return PROBLEM_HEAD_TOO_LARGE;
    case HTTP_ERROR_NOT_IMPLEMENTED:
        return PROBLEM_NOT_IMPLEMENTED;
    case HTTP_ERROR_BUSY:
        return PROBLEM_BUSY;
    case HTTP_ERROR_VERSION:
        return PROBLEM_VERSION_UNSUPPORTED;
    }
    check(false);
    return PROBLEM_INTERNAL;
}

void api_error(struct http_request *request, enum http_error error, void *context) {
    (void)context;
    struct bytes body = problem_write(
        http_request_arena(request), code_of(error), NULL, http_request_id(request), NULL, 0);
    if (error == HTTP_ERROR_BUSY)
        http_reply_header(request, "Retry-After", "1");
    http_reply_header(request, "Cache-Control", "no-store");
    http_reply(request, http_error_status(error), PROBLEM_CONTENT_TYPE, body);
}

const struct call *api_call_of(const struct http_access *access) {
    return access->user;
}
