/* autopay.c: automatic repayment. Exports autopay_routes. */
#include "api/autopay_write.h"
#include "api/decode.h"
#include "api/funding_write.h"
#include "api/payment_write.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "service/begin_payment.h"
#include "service/bind_card.h"
#include "service/set_autopay.h"

#include <stdlib.h>
#include <string.h>

struct autopay_state {
    struct set_autopay command;
    enum set_autopay_outcome outcome;
    int64_t source_ids[AUTOPAY_SOURCES_MAX];
    struct autopay_view view;
    struct funding_source *sources;
    size_t source_count;
    struct autopay_test *tests;
    size_t test_count;
    /* test of one source */
    int64_t tested_id;
    struct autopay_test test;
    enum test_debit_outcome tested;
};

static enum status show_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct autopay_state *state = call->state;
    enum status status = load_autopay_view(tx, moment, call->customer_id, &state->view);
    if (status == STATUS_OK)
        status = funding_source_list(tx, call->customer_id, &state->sources, &state->source_count);
    if (status == STATUS_OK)
        status = autopay_test_list(tx, call->customer_id, &state->tests, &state->test_count);
    return status;
}

static const struct funding_source *source_of(const struct autopay_state *state, int64_t id) {
    for (size_t i = 0; i < state->source_count; i++)
        if (state->sources[i].funding_source_id == id)
            return &state->sources[i];
    return NULL;
}

static bool is_chosen(const struct autopay_state *state, int64_t id) {
    for (size_t i = 0; i < state->view.choice_count; i++)
        if (state->view.choices[i].id == id)
            return true;
    return false;
}

static void write_source(struct json *json, struct call *call, const struct autopay_state *state,
    const struct funding_source *source, int position) {
    json_open(json, NULL, '{');
    funding_source_write(json, "source", call->arena, call->customer_id, source,
        state->view.balance, state->view.settings.enabled && position > 0);
    if (position > 0)
        json_integer(json, "position", position);
    else
        json_null(json, "position");
    json_close(json);
}

/* The chosen ones in their order, then the others that could be chosen. */
static void write_sources(struct json *json, struct call *call, const struct autopay_state *state) {
    json_open(json, "sources", '[');
    for (size_t i = 0; i < state->view.choice_count; i++)
        write_source(json, call, state, state->view.choices[i].source, (int)i + 1);
    for (size_t i = 0; i < state->source_count; i++) {
        const struct funding_source *source = &state->sources[i];
        bool bound =
            source->state == FUNDING_SOURCE_ACTIVE || source->state == FUNDING_SOURCE_UNUSABLE;
        if (bound && !is_chosen(state, source->funding_source_id))
            write_source(json, call, state, source, 0);
    }
    if (!is_chosen(state, 0))
        write_source(json, call, state, NULL, 0);
    json_close(json);
}

static void write_test(struct json *json, const char *name, struct call *call,
    const struct funding_source *source, const struct autopay_test *test) {
    static const char *const names[] = {"", "processing", "passed", "failed"};
    enum channel_failure failure = (enum channel_failure)test->failure;
    const char *zh = "正在向银行查询授权", *en = "Asking the bank about the mandate";
    if (test->state == AUTOPAY_TEST_PASSED) {
        zh = source ? "授权有效，到期时可以扣款" : "余额可用于自动还款";
        en = source ? "The mandate stands; debits can be made" : "The balance can be used";
    } else if (test->state == AUTOPAY_TEST_FAILED) {
        zh = channel_failure_text_zh(failure);
        en = channel_failure_text_en(failure);
    }
    json_open(json, name, '{');
    funding_source_ref_write(json, "source", call->arena, source);
    json_string(json, "state", names[test->state]);
    json_instant(json, "at", test->at);
    json_string(json, "text_zh", zh);
    json_string(json, "text_en", en);
    json_close(json);
}

static void write_tests(struct json *json, struct call *call, const struct autopay_state *state) {
    json_open(json, "tests", '[');
    for (size_t i = 0; i < state->test_count; i++) {
        const struct funding_source *source = source_of(state, state->tests[i].funding_source_id);
        if (state->tests[i].funding_source_id == 0 ||
            (source && source->state != FUNDING_SOURCE_REMOVED))
            write_test(json, NULL, call, source, &state->tests[i]);
    }
    json_close(json);
}

static void write_consent(struct json *json, const struct autopay *settings) {
    struct words text = autopay_consent_words();
    json_open(json, "consent", '{');
    json_string(json, "version", AUTOPAY_CONSENT_VERSION);
    json_string(json, "text_zh", text.zh);
    json_string(json, "text_en", text.en);
    json_instant(json, "accepted_at", settings->consent_at);
    json_string(json, "accepted_version", settings->consent_version);
    json_close(json);
}

static void write_days(struct json *json, struct call *call, const struct autopay_view *view) {
    json_open(json, "timeline", '[');
    for (size_t i = 0; i < view->day_count; i++) {
        const struct autopay_day *day = &view->days[i];
        json_open(json, NULL, '{');
        json_day(json, "day", day->day);
        json_money(json, "amount_fen", day->amount);
        json_open(json, "orders", '[');
        for (size_t j = 0; j < day->order_count; j++)
            order_ref_write(json, NULL, day->orders[j]);
        json_close(json);
        json_open(json, "attempts", '[');
        for (size_t j = 0; j < day->plan_count; j++)
            autopay_plan_write(json, NULL, call->arena, &day->plans[j]);
        json_close(json);
        json_close(json);
    }
    json_close(json);
}

/* Automatic repayment needs something to take money from. */
static bool can_enable(const struct autopay_state *state) {
    for (size_t i = 0; i < state->source_count; i++)
        if (state->sources[i].state == FUNDING_SOURCE_ACTIVE)
            return true;
    return money_is_positive(state->view.balance);
}

static void show_answer(struct call *call) {
    const struct autopay_state *state = call->state;
    const struct autopay_view *view = &state->view;
    bool possible = can_enable(state);
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_boolean(&json, "enabled", view->settings.enabled);
    write_consent(&json, &view->settings);
    write_sources(&json, call, state);
    write_days(&json, call, view);
    json_open(&json, "runs", '[');
    for (size_t i = 0; i < AUTOPAY_RUNS; i++)
        json_string(&json, NULL, autopay_run_times[i]);
    json_close(&json);
    json_integer(&json, "max_attempts_per_day", AUTOPAY_RUNS * AUTOPAY_SOURCES_MAX);
    json_string(&json, "cut_off_zh", "还款日 08:59 前的更改对当天扣款有效");
    json_string(&json, "cut_off_en", "Changes until 08:59 of a due day count for that day's debit");
    autopay_failure_write(&json, "last_failure", call->arena, view);
    write_tests(&json, call, state);
    json_boolean(&json, "can_enable", possible);
    json_string(&json, "reason_zh", possible ? NULL : "请先绑定一张银行卡");
    json_string(&json, "reason_en", possible ? NULL : "Bind a bank card first");
    json_close(&json);
    call_etag(call, arena_printf(call->arena, "\"%lld\"", (long long)view->settings.version));
    call_json(call, 200, &json);
}

static struct autopay_state *new_state(struct call *call) {
    struct autopay_state *state = ARENA_NEW(call->arena, struct autopay_state);
    call->state = state;
    return state;
}

static void get_autopay(struct call *call) {
    new_state(call);
    call_read(call, show_unit, show_answer);
}

/* ---- setting ---- */

static enum status set_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    struct autopay_state *state = call->state;
    enum status status = set_autopay(tx, moment, &state->command, &state->outcome);
    if (status != STATUS_OK)
        return status;
    if (state->outcome != SET_AUTOPAY_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    return show_unit(tx, moment, call, fault);
}

static void set_answer(struct call *call) {
    const struct autopay_state *state = call->state;
    switch (state->outcome) {
    case SET_AUTOPAY_OK:
        show_answer(call);
        return;
    case SET_AUTOPAY_VERSION_CONFLICT:
        call_problem(call, PROBLEM_VERSION_CONFLICT, NULL);
        return;
    case SET_AUTOPAY_SOURCE_NOT_FOUND:
        call_problem(call, PROBLEM_FUNDING_SOURCE_NOT_FOUND, NULL);
        return;
    case SET_AUTOPAY_SOURCE_UNUSABLE:
        call_problem(call, PROBLEM_FUNDING_SOURCE_UNUSABLE, NULL);
        return;
    case SET_AUTOPAY_CONSENT_REQUIRED:
        call_problem(call, PROBLEM_CONSENT_REQUIRED, NULL);
        return;
    case SET_AUTOPAY_CONSENT_OUTDATED:
        call_problem(call, PROBLEM_CONSENT_OUTDATED, NULL);
        return;
    case SET_AUTOPAY_SOURCES_REQUIRED:
        call_problem(call, PROBLEM_SOURCES_REQUIRED, NULL);
        return;
    }
    check(false);
}

/* The version in If-Match: "N" with its quotes. */
static bool take_version(struct call *call, int64_t *version) {
    const char *text = http_request_header(call->http, "If-Match");
    if (!text) {
        call_problem(call, PROBLEM_VERSION_REQUIRED, NULL);
        return false;
    }
    char *end = NULL;
    *version = *text == '"' ? strtoll(text + 1, &end, 10) : -1;
    if (!end || end == text + 1 || strcmp(end, "\"") != 0)
        *version = -1; /* no version of ours: a conflict, as for any other stale one */
    return true;
}

static void put_autopay(struct call *call) {
    struct autopay_state *state = new_state(call);
    struct decoder body, items;
    int64_t version;
    if (!take_version(call, &version) || !call_body(call, &body))
        return;
    bool enabled = decode_boolean(&body, "enabled");
    size_t count = decode_array(&body, "funding_source_ids", 0, AUTOPAY_SOURCES_MAX, &items);
    for (size_t i = 0; i < count; i++) {
        const char *text = decode_next_text(&items, 1, 32);
        if (!body.failed && !items.failed &&
            !funding_source_id_read(text, call->customer_id, &state->source_ids[i])) {
            call_problem(call, PROBLEM_FUNDING_SOURCE_NOT_FOUND, "funding_source_ids");
            return;
        }
    }
    const char *consent = decode_text_or_null(&body, "consent_version", 1, 32);
    if (!decode_end(&body))
        return;
    state->command = (struct set_autopay){
        .customer_id = call->customer_id,
        .mode = call->api->rails.mode,
        .version = version,
        .enabled = enabled,
        .source_ids = state->source_ids,
        .source_count = count,
        .consent_version = consent,
    };
    call_write(call, call->customer_id, set_unit, set_answer);
}

/* ---- testing ---- */

static enum status test_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    struct autopay_state *state = call->state;
    enum status status =
        test_debit(tx, moment, call->customer_id, state->tested_id, &state->test, &state->tested);
    if (status != STATUS_OK)
        return status;
    if (state->tested != TEST_DEBIT_OK) {
        tx_refuse(tx);
        return STATUS_OK;
    }
    return show_unit(tx, moment, call, fault);
}

static void test_answer(struct call *call) {
    const struct autopay_state *state = call->state;
    switch (state->tested) {
    case TEST_DEBIT_OK:
        break;
    case TEST_DEBIT_NOT_FOUND:
        call_problem(call, PROBLEM_FUNDING_SOURCE_NOT_FOUND, NULL);
        return;
    case TEST_DEBIT_UNUSABLE:
        call_problem(call, PROBLEM_FUNDING_SOURCE_UNUSABLE, NULL);
        return;
    case TEST_DEBIT_TOO_SOON: {
        struct problem_value value = {"seconds", "10"};
        call_problem_values(call, PROBLEM_CODE_TOO_SOON, NULL, &value, 1);
        return;
    }
    }
    struct json json = json_start(call->arena);
    write_test(&json, NULL, call, source_of(state, state->tested_id), &state->test);
    call_json(call, 202, &json);
}

static void post_test(struct call *call) {
    struct autopay_state *state = new_state(call);
    struct decoder body;
    if (!call_body(call, &body))
        return;
    const char *id = decode_text(&body, "funding_source_id", 1, 32);
    if (!decode_end(&body))
        return;
    if (!funding_source_id_read(id, call->customer_id, &state->tested_id)) {
        call_problem(call, PROBLEM_FUNDING_SOURCE_NOT_FOUND, "funding_source_id");
        return;
    }
    call_write(call, call->customer_id, test_unit, test_answer);
}

const struct api_route autopay_routes[] = {
    {HTTP_GET, "/autopay", get_autopay, API_CUSTOMER},
    {HTTP_PUT, "/autopay", put_autopay, API_CUSTOMER},
    {HTTP_POST, "/autopay/test", post_test, API_CUSTOMER},
    API_ROUTES_END,
};
