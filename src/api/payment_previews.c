/*
 * payment_previews.c: everything on the pay screen, before anything is done. Exports
 * payment_preview_routes.
 *
 * The preview is the plan that the payment itself would make (service/plan_payment.h), so what is
 * shown is what is collected.
 */
#include "api/order_money.h"
#include "api/order_write.h"
#include "api/payment_write.h"
#include "api/payments.h"
#include "api/resources.h"
#include "base/check.h"
#include "base/public_number.h"
#include "service/payment_options.h"

struct preview_state {
    struct purpose purpose;
    struct payment_plan plan;
    struct order **orders;
    size_t order_count;
    struct payment_option options[PAYMENT_OPTIONS_MAX];
    size_t option_count;
    struct order_money money;
    struct order_view *one; /* the one order named; NULL otherwise */
    struct moment moment;
};

static enum problem_code problem_of(enum plan_outcome outcome) {
    switch (outcome) {
    case PLAN_OK:
        return PROBLEM_NONE;
    case PLAN_ORDER_NOT_FOUND:
        return PROBLEM_ORDER_NOT_FOUND;
    case PLAN_NOTHING_OWED:
        return PROBLEM_NOTHING_OWED;
    case PLAN_NOTHING_TO_SETTLE:
        return PROBLEM_NOTHING_TO_SETTLE;
    case PLAN_AMOUNT_INVALID:
        return PROBLEM_AMOUNT_INVALID;
    case PLAN_AMOUNT_TOO_SMALL:
        return PROBLEM_AMOUNT_TOO_SMALL;
    case PLAN_AMOUNT_TOO_LARGE:
        return PROBLEM_AMOUNT_TOO_LARGE;
    }
    check(false);
    return PROBLEM_NONE;
}

static enum status preview_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct preview_state *state = call->state;
    struct payment_plan *plan = &state->plan;
    state->moment = moment;
    enum status status = plan_payment(tx, moment, call->customer_id, &state->purpose, plan);
    if (status != STATUS_OK || plan->outcome != PLAN_OK)
        return status;
    state->orders = ARENA_ARRAY(call->arena, plan->part_count + 1, struct order *);
    for (size_t i = 0; i < plan->part_count; i++)
        state->orders[state->order_count++] = plan->parts[i].order;
    status = list_payment_options(tx, call->customer_id, call->api->rails, plan->amount,
        state->options, &state->option_count);
    if (status == STATUS_OK)
        status = load_order_money(tx, moment, call->customer_id, 0, &state->money);
    if (status == STATUS_OK && state->purpose.order_count == 1)
        status = load_order_view(
            tx, moment, call->customer_id, state->purpose.order_ids[0], &state->one);
    return status;
}

/* ---- the parts of the answer ---- */

/* The amount by component; the lines add up to it. */
static void write_lines(struct json *json, const struct payment_plan *plan) {
    struct {
        const char *zh, *en;
        struct money sum;
    } lines[] = {{"本金", "Principal", MONEY_ZERO}, {"利息", "Interest", MONEY_ZERO},
        {"手续费", "Fee", MONEY_ZERO}, {"罚息", "Penalty", MONEY_ZERO}};
    struct money rest = plan->amount;
    for (size_t i = 0; i < plan->allocation_count; i++) {
        const struct payment_allocation *allocation = &plan->allocations[i];
        lines[0].sum = money_add(lines[0].sum, allocation->principal);
        lines[1].sum = money_add(lines[1].sum, allocation->interest);
        lines[2].sum = money_add(lines[2].sum, allocation->fee);
        lines[3].sum = money_add(lines[3].sum, allocation->penalty);
    }
    json_open(json, "lines", '[');
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        rest = money_subtract(rest, lines[i].sum);
        if (money_is_zero(lines[i].sum))
            continue;
        json_open(json, NULL, '{');
        json_string(json, "label_zh", lines[i].zh);
        json_string(json, "label_en", lines[i].en);
        json_money(json, "amount_fen", lines[i].sum);
        json_close(json);
    }
    json_close(json);
    check(money_is_zero(rest));
}

static void write_effect(
    struct json *json, struct arena *arena, const struct preview_state *state) {
    const struct payment_plan *plan = &state->plan;
    char owed[MONEY_TEXT_SIZE];
    money_to_yuan(plan->owed_now_after, owed);
    /* what is said holds for the orders named; others may still owe */
    size_t named = state->purpose.order_count;
    const char *zh = named == 0 ? "" : named == 1 ? "这笔订单" : "这些订单";
    const char *en = named == 0 ? "" : named == 1 ? " on this order" : " on these orders";
    if (state->purpose.kind == PURPOSE_SETTLE) {
        json_string(json, "effect_zh", "还后订单结清");
        json_string(json, "effect_en", "Settled afterwards");
    } else if (money_is_zero(plan->owed_now_after)) {
        json_string(json, "effect_zh", arena_printf(arena, "还后%s现在没有待还款项", zh));
        json_string(json, "effect_en", arena_printf(arena, "Nothing is owed now%s afterwards", en));
    } else {
        json_string(json, "effect_zh", arena_printf(arena, "还后%s现在还需还 ¥%s", zh, owed));
        json_string(
            json, "effect_en", arena_printf(arena, "¥%s is still owed%s afterwards", owed, en));
    }
}

static void write_preset(struct json *json, const struct call *call, enum payment_purpose kind,
    const char *label_zh, const char *label_en, struct money amount) {
    const struct preview_state *state = call->state;
    json_open(json, NULL, '{');
    purpose_write(json, "purpose", call->customer_id, kind, state->purpose.order_ids,
        state->purpose.order_count, MONEY_ZERO);
    json_string(json, "label_zh", label_zh);
    json_string(json, "label_en", label_en);
    json_money(json, "amount_fen", amount);
    json_close(json);
}

static void write_presets(struct json *json, const struct call *call) {
    const struct preview_state *state = call->state;
    const struct payment_plan *plan = &state->plan;
    bool one = state->one != NULL;
    bool named = state->purpose.order_count > 0;
    json_open(json, "presets", '[');
    if (money_is_positive(plan->owed_now))
        write_preset(json, call,
            one     ? PURPOSE_ORDER
            : named ? PURPOSE_DUE
                    : PURPOSE_ALL_ORDERS,
            one ? "本期应还" : "全部订单本期应还",
            one ? "What is owed now" : "Owed now in all orders", plan->owed_now);
    if (money_is_positive(plan->overdue) && money_compare(plan->overdue, plan->owed_now) < 0)
        write_preset(
            json, call, PURPOSE_OVERDUE, "只还逾期部分", "Only what is overdue", plan->overdue);
    struct settle_quote quote = {0};
    if (one && state->one->state != NULL)
        quote_settle(state->one->terms, state->one->state, state->moment.business_date, &quote);
    if (quote.possible)
        write_preset(json, call, PURPOSE_SETTLE, "提前结清", "Settle early", quote.total);
    json_close(json);
}

static void write_option(
    struct json *json, int64_t customer_id, const struct payment_option *option) {
    char number[PUBLIC_NUMBER_SIZE];
    json_open(json, NULL, '{');
    json_open(json, "method", '{');
    json_string(json, "kind", payment_method_name(option->method));
    if (option->method == PAY_BY_BANK_CARD)
        json_string(json, "funding_source_id",
            public_number_write(
                PUBLIC_FUNDING_SOURCE, customer_id, option->funding_source_id, number));
    json_close(json);
    json_string(json, "label_zh", option->label.zh);
    json_string(json, "label_en", option->label.en);
    json_boolean(json, "usable", option->usable);
    json_string(json, "reason_zh", option->reason.zh);
    json_string(json, "reason_en", option->reason.en);
    json_string(json, "hint_zh", option->hint.zh);
    json_string(json, "hint_en", option->hint.en);
    json_close(json);
}

static void write_orders(struct json *json, const struct preview_state *state) {
    json_open(json, "orders", '[');
    for (size_t i = 0; i < state->order_count; i++)
        order_ref_write(json, NULL, state->orders[i]);
    json_close(json);
}

static void preview_answer(struct call *call) {
    const struct preview_state *state = call->state;
    const struct payment_plan *plan = &state->plan;
    enum problem_code problem = problem_of(plan->outcome);
    if (problem != PROBLEM_NONE) {
        call_problem(call, problem, NULL);
        return;
    }
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    purpose_write(&json, "purpose", call->customer_id, state->purpose.kind,
        state->purpose.order_ids, state->purpose.order_count, state->purpose.amount);
    json_day(&json, "business_date", state->moment.business_date);
    write_orders(&json, state);
    json_money(&json, "amount_fen", plan->amount);
    json_money(&json, "min_fen", plan->least);
    json_money(&json, "max_fen", plan->most);
    write_lines(&json, plan);
    allocation_write(&json, "allocation", call->customer_id, plan->allocations,
        plan->allocation_count, state->orders, state->order_count);
    json_money(&json, "excess_fen", MONEY_ZERO);
    json_money(&json, "owed_now_after_fen", plan->owed_now_after);
    json_money(&json, "overdue_after_fen", plan->overdue_after);
    write_effect(&json, call->arena, state);
    write_presets(&json, call);
    json_open(&json, "methods", '[');
    for (size_t i = 0; i < state->option_count; i++)
        write_option(&json, call->customer_id, &state->options[i]);
    json_close(&json);
    if (state->one != NULL)
        settlement_write(&json, "settlement", call->arena, state->moment, state->one);
    else
        json_null(&json, "settlement");
    autopay_state_write(&json, "autopay", &state->money);
    open_payment_write(&json, "open_payment", &state->money,
        state->purpose.order_count == 1 ? state->purpose.order_ids[0] : 0);
    struct instant end = day_start(day_add(state->moment.business_date, 1), ZONE_SHANGHAI);
    json_instant(&json, "valid_until", instant_add_seconds(end, -1));
    json_close(&json);
    call_json(call, 200, &json);
}

static void post_preview(struct call *call) {
    struct preview_state *state = ARENA_NEW(call->arena, struct preview_state);
    call->state = state;
    struct decoder body;
    if (!call_body(call, &body) || !decode_purpose(&body, &state->purpose) || !decode_end(&body))
        return;
    call_read(call, preview_unit, preview_answer);
}

const struct api_route payment_preview_routes[] = {
    {HTTP_POST, "/payment-previews", post_preview, API_CUSTOMER},
    API_ROUTES_END,
};
