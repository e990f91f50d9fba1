/*
 * staff_customer.c: a customer as staff see one, and the console's search. Exports
 * staff_customer_routes and what staff_customer.h declares.
 */
#include "api/staff_customer.h"

#include "api/notices.h"
#include "api/order_write.h"
#include "api/payment_write.h"
#include "api/resources.h"
#include "service/find_for_staff.h"
#include "store/audit.h"
#include "store/credit_balance.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- one customer ---- */

bool take_staff_customer(struct call *call, enum problem_code otherwise, int64_t *customer_id) {
    const char *text = call_parameter(call, "customer_id");
    char *end;
    errno = 0;
    *customer_id = strtoll(text, &end, 10);
    bool digits = text[0] >= '1' && text[0] <= '9';
    if (digits && errno == 0 && *end == '\0')
        return true;
    call_problem(call, otherwise, NULL);
    return false;
}

static enum status load_money_side(
    struct tx *tx, struct moment moment, int64_t customer_id, struct staff_customer *customer) {
    enum status status = load_customer_position(tx, moment, customer_id, &customer->position);
    if (status == STATUS_OK)
        status = load_order_money(tx, moment, customer_id, 0, &customer->money);
    customer->credit_balance = customer->money.file.credit_balance;
    if (status == STATUS_OK)
        status = load_payment_rows(tx, customer_id, 0, 0, INT64_MAX, STAFF_PAYMENTS_SHOWN,
            &customer->payments, &customer->payment_count);
    return status;
}

enum status load_staff_customer(struct tx *tx, struct moment moment, int64_t customer_id,
    struct staff_customer *customer, bool *found) {
    *customer = (struct staff_customer){.arena = tx_arena(tx)};
    enum status status = customer_load(tx, customer_id, &customer->customer, found);
    if (status != STATUS_OK || !*found)
        return status;
    status = load_money_side(tx, moment, customer_id, customer);
    customer->orders = customer->money.views;
    customer->order_count = customer->money.view_count;
    customer->requests = customer->money.file.requests;
    customer->request_count = customer->money.file.request_count;
    if (status == STATUS_OK)
        status = notice_list(tx, customer_id, INT64_MAX, STAFF_NOTICES_SHOWN, &customer->notices,
            &customer->notice_count);
    return status;
}

static const char *or_nothing(const char *text) {
    return text == NULL ? "" : text;
}

static void write_lists(struct json *json, const struct staff_customer *customer) {
    struct order_extras extras = {&customer->money, customer->requests, customer->request_count};
    json_open(json, "orders", '[');
    for (size_t i = 0; i < customer->order_count; i++)
        order_summary_write(json, NULL, customer->arena, &customer->orders[i], &extras);
    json_close(json);
    json_open(json, "payments", '[');
    for (size_t i = 0; i < customer->payment_count; i++)
        payment_summary_write(json, NULL, customer->arena, &customer->payments[i]);
    json_close(json);
    json_open(json, "extension_requests", '[');
    for (size_t i = 0; i < customer->request_count; i++)
        extension_request_write(json, NULL, &customer->requests[i]);
    json_close(json);
    json_open(json, "notices", '[');
    for (size_t i = 0; i < customer->notice_count; i++)
        notice_write(json, &customer->notices[i]);
    json_close(json);
}

void write_staff_customer(
    struct json *json, const char *name, const struct staff_customer *customer) {
    json_open(json, name, '{');
    json_id(json, "customer_id", customer->customer.customer_id);
    json_string(json, "name_masked", or_nothing(customer->customer.name_masked));
    json_string(json, "phone_masked", customer->customer.phone_masked);
    json_instant(json, "registered_at", customer->customer.created_at);
    json_money(json, "owed_now_fen", customer->position.owed_now);
    json_money(json, "overdue_fen", customer->position.overdue);
    json_integer(json, "days_overdue", customer->position.days_overdue);
    json_money(json, "credit_balance_fen", customer->credit_balance);
    autopay_state_write(json, "autopay", &customer->money);
    write_lists(json, customer);
    json_close(json);
}

struct customer_state {
    int64_t customer_id;
    bool found;
    struct staff_customer customer;
    const char *query;
    struct staff_hit hits[STAFF_HITS_MAX];
    size_t hit_count;
};

static enum status show_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct customer_state *state = call->state;
    enum status status =
        load_staff_customer(tx, moment, state->customer_id, &state->customer, &state->found);
    if (!state->found)
        tx_refuse(tx);
    return status;
}

static void show_answer(struct call *call) {
    const struct customer_state *state = call->state;
    if (!state->found) {
        call_problem(call, PROBLEM_CUSTOMER_NOT_FOUND, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    write_staff_customer(&json, NULL, &state->customer);
    call_json(call, 200, &json);
}

/* A view of somebody's data is a fact to be kept: the read runs as a unit that writes its record.
 */
static void get_customer(struct call *call) {
    struct customer_state *state = ARENA_NEW(call->arena, struct customer_state);
    call->state = state;
    if (!take_staff_customer(call, PROBLEM_CUSTOMER_NOT_FOUND, &state->customer_id))
        return;
    call_audit(call, "customer_viewed", state->customer_id, "customer");
    call_write(call, state->customer_id, show_unit, show_answer);
}

/* ---- search ---- */

static const char *matched_name(enum staff_match match) {
    switch (match) {
    case STAFF_MATCH_PHONE:
        return "phone";
    case STAFF_MATCH_ORDER:
        return "order";
    case STAFF_MATCH_SHOP_ORDER:
        return "shop_order";
    case STAFF_MATCH_PAYMENT:
        return "payment";
    case STAFF_MATCH_EXTENSION_REQUEST:
        return "extension_request";
    }
    return "";
}

/* Who was found stands in the record of each; what was typed never does: it may be a phone. */
static enum status search_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct customer_state *state = call->state;
    enum status status =
        find_for_staff(tx, moment, call->api->vault, state->query, state->hits, &state->hit_count);
    for (size_t i = 0; status == STATUS_OK && i < state->hit_count; i++)
        status = audit_insert(
            tx, &(struct audit_record){.customer_id = state->hits[i].customer.customer_id,
                    .actor_kind = ACTOR_STAFF,
                    .actor_id = call->staff_id,
                    .action = "customer_found",
                    .subject = matched_name(state->hits[i].match),
                    .created_at = moment.now});
    return status;
}

static void search_answer(struct call *call) {
    const struct customer_state *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "items", '[');
    for (size_t i = 0; i < state->hit_count; i++) {
        const struct staff_hit *hit = &state->hits[i];
        json_open(&json, NULL, '{');
        json_id(&json, "customer_id", hit->customer.customer_id);
        json_string(&json, "name_masked", or_nothing(hit->customer.name_masked));
        json_string(&json, "phone_masked", hit->customer.phone_masked);
        json_string(&json, "matched", matched_name(hit->match));
        json_string(&json, "number", hit->number);
        json_money(&json, "overdue_fen", hit->overdue);
        json_close(&json);
    }
    json_close(&json);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_search(struct call *call) {
    static const char *const known[] = {"q", NULL};
    struct customer_state *state = ARENA_NEW(call->arena, struct customer_state);
    call->state = state;
    if (!call_query_known(call, known))
        return;
    state->query = call_query(call, "q");
    size_t length = state->query == NULL ? 0 : strlen(state->query);
    if (length < 2 || length > 4 * STAFF_QUERY_MAX) {
        call_problem(
            call, state->query == NULL ? PROBLEM_FIELD_MISSING : PROBLEM_FIELD_INVALID, "q");
        return;
    }
    /* Phone numbers could be tried one after another: a person's pace is enough. */
    struct bytes who = {(const uint8_t *)&call->staff_id, sizeof call->staff_id};
    if (!call_known(call) || !call_take(call, "staff-search", who, 30, 2))
        return;
    call_audits_itself(call);
    call_write(call, STORE_NO_KEY, search_unit, search_answer);
}

const struct api_route staff_customer_routes[] = {
    {HTTP_GET, "/staff/customers/{customer_id}", get_customer, API_STAFF},
    {HTTP_GET, "/staff/search", get_search, API_STAFF},
    API_ROUTES_END,
};
