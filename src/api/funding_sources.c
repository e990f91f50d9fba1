/*
 * funding_sources.c: bank cards and the credit balance. Exports funding_source_routes.
 *
 * The bank's word comes through the channel worker. Binding and confirming wait for it on a worker
 * thread for a few seconds, so that a wrong code is said at once; when the bank takes longer the
 * answer says "pending" and the list tells later.
 */
#include "api/decode.h"
#include "api/funding_write.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "service/bind_card.h"
#include "service/collect_due.h"
#include "service/find_or_create_customer.h"
#include "service/source_words.h"
#include "store/credit_balance.h"

#include <string.h>
#include <time.h>

enum { WAIT_MS = 6000, LOOK_EVERY_MS = 50 };

struct funding_state {
    struct call *call;
    struct bind_card command;
    struct bind_card_answer bound;
    int64_t id;
    const char *sms_code;
    enum confirm_card_outcome confirmed;
    enum unbind_card_outcome unbound;
    enum status status;
    struct fault fault;
    struct funding_source *source; /* as the wait has left it */
    int64_t wait_for;              /* a bind_state that is still on its way */
    /* the list */
    struct funding_source *sources;
    size_t count;
    struct autopay autopay;
    struct money balance;
};

static struct funding_state *new_state(struct call *call) {
    struct funding_state *state = ARENA_NEW(call->arena, struct funding_state);
    state->call = call;
    call->state = state;
    return state;
}

/* The {funding_source_id} of the path, when it is this customer's. */
static bool take_number(struct call *call, struct funding_state *state) {
    struct public_number number;
    if (public_number_read(
            call_parameter(call, "funding_source_id"), PUBLIC_FUNDING_SOURCE, &number) &&
        number.customer_id == call->customer_id) {
        state->id = number.id;
        return true;
    }
    call_problem(call, PROBLEM_FUNDING_SOURCE_NOT_FOUND, NULL);
    return false;
}

/* ---- the list ---- */

static enum status list_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)moment;
    (void)fault;
    struct funding_state *state = call->state;
    enum status status = funding_source_list(tx, call->customer_id, &state->sources, &state->count);
    if (status == STATUS_OK)
        status = autopay_load(tx, call->customer_id, &state->autopay);
    return status == STATUS_OK ? credit_balance_load(tx, call->customer_id, &state->balance)
                               : status;
}

static bool used_by_autopay(const struct autopay *autopay, int64_t id) {
    int64_t ids[AUTOPAY_SOURCES_MAX];
    size_t count = autopay->enabled ? autopay_sources_read(autopay->sources, ids) : 0;
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id)
            return true;
    return false;
}

static void list_answer(struct call *call) {
    const struct funding_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < state->count; i++) {
        const struct funding_source *source = &state->sources[i];
        /* A removed card and a binding that came to nothing are of no use to anybody. */
        if (source->state == FUNDING_SOURCE_REMOVED || source->bind_state == BIND_REFUSED)
            continue;
        funding_source_write(&json, NULL, call->arena, call->customer_id, source, MONEY_ZERO,
            used_by_autopay(&state->autopay, source->funding_source_id));
    }
    funding_source_write(&json, NULL, call->arena, call->customer_id, NULL, state->balance,
        used_by_autopay(&state->autopay, 0));
    json_close(&json);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_list(struct call *call) {
    new_state(call);
    call_read(call, list_unit, list_answer);
}

/* ---- waiting for the bank (on a worker thread) ---- */

static enum status look_unit(struct tx *tx, void *context) {
    struct funding_state *state = context;
    return funding_source_load(tx, state->call->customer_id, state->id, &state->source);
}

static void wait_for_bank(struct funding_state *state) {
    struct store *store = state->call->api->store;
    for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += LOOK_EVERY_MS) {
        state->status = store_read(store, state->call->arena, look_unit, state, &state->fault);
        if (state->status != STATUS_OK || !state->source ||
            state->source->bind_state != (enum bind_state)state->wait_for)
            return;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_EVERY_MS * 1000000L}, NULL);
    }
}

/* What the bank said no to. */
static enum problem_code problem_of_failure(const struct funding_source *source) {
    switch ((enum channel_failure)source->failure) {
    case CHANNEL_FAILURE_NONE:
        return PROBLEM_NONE;
    case CHANNEL_FAILURE_IDENTITY:
        return PROBLEM_IDENTITY_INVALID;
    case CHANNEL_FAILURE_CODE_WRONG:
        return source->wrong_codes >= CODE_WRONG_MOST ? PROBLEM_CODE_LOCKED : PROBLEM_CODE_WRONG;
    case CHANNEL_FAILURE_CODE_EXPIRED:
        return PROBLEM_CODE_EXPIRED;
    case CHANNEL_FAILURE_UNSUPPORTED:
    case CHANNEL_FAILURE_CARD_DEAD:
    case CHANNEL_FAILURE_REJECTED:
        return PROBLEM_CARD_NOT_SUPPORTED;
    case CHANNEL_FAILURE_NO_MONEY:
    case CHANNEL_FAILURE_LIMIT:
    case CHANNEL_FAILURE_GATEWAY:
    case CHANNEL_FAILURE_CUSTOMER_CANCELLED:
    case CHANNEL_FAILURE_MANDATE_GONE:
    case CHANNEL_FAILURE_EXPIRED:
        return PROBLEM_CHANNEL_UNAVAILABLE;
    }
    check(false);
    return PROBLEM_NONE;
}

/* ---- binding ---- */

static enum status bind_unit(struct tx *tx, void *context) {
    struct funding_state *state = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    if (status == STATUS_OK)
        status = bind_card(tx, moment, &state->command, &state->bound);
    if (status == STATUS_OK && state->bound.outcome != BIND_CARD_OK)
        tx_refuse(tx);
    return status;
}

static void bind_work(struct call *call) {
    struct funding_state *state = call->state;
    state->status = store_run(
        call->api->store, call->customer_id, call->arena, bind_unit, state, &state->fault);
    if (state->status != STATUS_OK || state->bound.outcome != BIND_CARD_OK)
        return;
    state->id = state->bound.source->funding_source_id;
    state->source = state->bound.source;
    state->wait_for = BIND_STARTING;
    wait_for_bank(state);
}

static enum problem_code problem_of_binding(enum bind_card_outcome outcome) {
    switch (outcome) {
    case BIND_CARD_OK:
        return PROBLEM_NONE;
    case BIND_CARD_NUMBER_INVALID:
        return PROBLEM_CARD_NUMBER_INVALID;
    case BIND_CARD_NOT_SUPPORTED:
        return PROBLEM_CARD_NOT_SUPPORTED;
    case BIND_CARD_IDENTITY_INVALID:
        return PROBLEM_IDENTITY_INVALID;
    case BIND_CARD_NAME_MISMATCH:
        return PROBLEM_NAME_MISMATCH;
    case BIND_CARD_ALREADY_BOUND:
        return PROBLEM_CARD_ALREADY_BOUND;
    case BIND_CARD_CODE_TOO_SOON:
        return PROBLEM_CODE_TOO_SOON;
    case BIND_CARD_CHANNEL_UNAVAILABLE:
        return PROBLEM_CHANNEL_UNAVAILABLE;
    }
    check(false);
    return PROBLEM_NONE;
}

static void write_pending(struct call *call, const struct funding_source *source) {
    struct words words = source_words(call->arena, source);
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "funding_source_id",
        funding_source_id_text(call->arena, call->customer_id, source->funding_source_id));
    json_string(&json, "state", source->state == FUNDING_SOURCE_ACTIVE ? "active" : "pending");
    json_string(&json, "label_zh", words.zh);
    json_string(&json, "label_en", words.en);
    json_string(&json, "sms_phone_masked", source->phone_masked);
    json_integer(&json, "resend_after_s", CODE_RESEND_AFTER_S);
    json_instant(&json, "expires_at", instant_add_seconds(source->code_sent_at, CODE_LIFETIME_S));
    json_close(&json);
    call_json(call, 201, &json);
}

static void bind_then(struct call *call) {
    struct funding_state *state = call->state;
    if (state->status != STATUS_OK) {
        call_fault(call, &state->fault);
        return;
    }
    enum problem_code problem = problem_of_binding(state->bound.outcome);
    if (problem == PROBLEM_CODE_TOO_SOON) {
        struct problem_value value = {
            "seconds", arena_printf(call->arena, "%d", (int)state->bound.resend_after_s)};
        call_problem_values(call, problem, NULL, &value, 1);
        return;
    }
    if (problem == PROBLEM_NONE && state->source->bind_state == BIND_REFUSED)
        problem = problem_of_failure(state->source);
    if (problem != PROBLEM_NONE)
        call_problem(call, problem, NULL);
    else
        write_pending(call, state->source);
}

static void post_source(struct call *call) {
    struct funding_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    state->command = (struct bind_card){
        .customer_id = call->customer_id,
        .vault = call->api->vault,
        .rails = call->api->rails,
        .card_number = decode_text(&body, "card_number", 12, 19),
        .name = decode_text(&body, "name", 1, 64),
        .identity_number = decode_text(&body, "identity_number", 18, 18),
        .phone = decode_text(&body, "phone", 11, 11),
    };
    if (!body.failed && !phone_is_valid(state->command.phone))
        decode_problem(&body, "phone", PROBLEM_PHONE_INVALID);
    if (decode_end(&body))
        call_work(call, bind_work, bind_then);
}

/* ---- confirming ---- */

static enum status confirm_unit(struct tx *tx, void *context) {
    struct funding_state *state = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    if (status == STATUS_OK)
        status = confirm_card(tx, moment, state->call->api->vault, state->call->customer_id,
            state->id, state->sms_code, &state->confirmed);
    if (status == STATUS_OK && state->confirmed != CONFIRM_CARD_OK)
        tx_refuse(tx);
    return status;
}

static void confirm_work(struct call *call) {
    struct funding_state *state = call->state;
    state->status = store_run(
        call->api->store, call->customer_id, call->arena, confirm_unit, state, &state->fault);
    bool going = state->confirmed == CONFIRM_CARD_OK || state->confirmed == CONFIRM_CARD_ALREADY;
    if (state->status != STATUS_OK || !going)
        return;
    state->wait_for = BIND_CONFIRMING;
    wait_for_bank(state);
}

static enum problem_code problem_of_confirmation(enum confirm_card_outcome outcome) {
    switch (outcome) {
    case CONFIRM_CARD_OK:
    case CONFIRM_CARD_ALREADY:
        return PROBLEM_NONE;
    case CONFIRM_CARD_NOT_FOUND:
        return PROBLEM_FUNDING_SOURCE_NOT_FOUND;
    case CONFIRM_CARD_CODE_LOCKED:
        return PROBLEM_CODE_LOCKED;
    case CONFIRM_CARD_CODE_EXPIRED:
        return PROBLEM_CODE_EXPIRED;
    case CONFIRM_CARD_CHANNEL_UNAVAILABLE:
        return PROBLEM_CHANNEL_UNAVAILABLE;
    }
    check(false);
    return PROBLEM_NONE;
}

static void confirm_then(struct call *call) {
    struct funding_state *state = call->state;
    if (state->status != STATUS_OK) {
        call_fault(call, &state->fault);
        return;
    }
    enum problem_code problem = problem_of_confirmation(state->confirmed);
    if (problem == PROBLEM_NONE && state->source->state != FUNDING_SOURCE_ACTIVE &&
        state->source->bind_state != BIND_CONFIRMING)
        problem = problem_of_failure(state->source);
    if (problem != PROBLEM_NONE) {
        call_problem(call, problem, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    funding_source_write(
        &json, NULL, call->arena, call->customer_id, state->source, MONEY_ZERO, false);
    call_json(call, 200, &json);
}

static void post_confirm(struct call *call) {
    struct funding_state *state = new_state(call);
    struct decoder body;
    if (!take_number(call, state) || !call_body(call, &body))
        return;
    state->sms_code = decode_text(&body, "sms_code", 6, 6);
    if (!body.failed && strspn(state->sms_code, "0123456789") != 6)
        decode_problem(&body, "sms_code", PROBLEM_FIELD_INVALID);
    if (decode_end(&body))
        call_work(call, confirm_work, confirm_then);
}

/* ---- removing ---- */

static enum status unbind_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct funding_state *state = call->state;
    enum status status = unbind_card(tx, moment, call->customer_id, state->id, &state->unbound);
    if (status == STATUS_OK && state->unbound != UNBIND_CARD_OK)
        tx_refuse(tx);
    return status;
}

static void unbind_answer(struct call *call) {
    const struct funding_state *state = call->state;
    switch (state->unbound) {
    case UNBIND_CARD_OK:
        call_no_content(call);
        return;
    case UNBIND_CARD_NOT_FOUND:
        call_problem(call, PROBLEM_FUNDING_SOURCE_NOT_FOUND, NULL);
        return;
    case UNBIND_CARD_IN_USE:
        call_problem(call, PROBLEM_FUNDING_SOURCE_IN_USE, NULL);
        return;
    case UNBIND_CARD_PAYMENT_IN_PROGRESS:
        call_problem(call, PROBLEM_PAYMENT_IN_PROGRESS, NULL);
        return;
    }
    check(false);
}

static void delete_source(struct call *call) {
    if (take_number(call, new_state(call)))
        call_write(call, call->customer_id, unbind_unit, unbind_answer);
}

const struct api_route funding_source_routes[] = {
    {HTTP_GET, "/funding-sources", get_list, API_CUSTOMER},
    {HTTP_POST, "/funding-sources", post_source, API_CUSTOMER, .rate = API_RATE_SLOW},
    {HTTP_POST, "/funding-sources/{funding_source_id}/confirm", post_confirm, API_CUSTOMER,
        .rate = API_RATE_SLOW},
    {HTTP_DELETE, "/funding-sources/{funding_source_id}", delete_source, API_CUSTOMER},
    API_ROUTES_END,
};
