/*
 * order_write.c: orders as JSON. See order_write.h.
 */
#include "api/order_write.h"

#include "api/overdue_write.h"
#include "base/public_number.h"
#include "engine/fields.h"
#include "service/amount_words.h"
#include "service/cost_table.h"

#include <string.h>

void order_number_write(
    struct json *json, const char *name, int64_t customer_id, int64_t order_id) {
    char number[PUBLIC_NUMBER_SIZE];
    json_string(json, name, public_number_write(PUBLIC_ORDER, customer_id, order_id, number));
}

void view_extension_offer(struct moment moment, const struct order_view *view,
    const struct order_extras *extras, struct extension_offer *offer) {
    struct extension_subject subject = {view->row->order.contract_id, view->terms, view->state};
    make_extension_offer(view->state == NULL ? NULL : &subject, moment.business_date,
        extras->requests, extras->request_count, offer);
}

/* The order's latest request, NULL when none. */
static const struct extension_request *latest_request(
    const struct order_view *view, const struct order_extras *extras) {
    for (size_t i = 0; i < extras->request_count; i++) {
        if (extras->requests[i].order_id == view->row->order.order_id) {
            return &extras->requests[i];
        }
    }
    return NULL;
}

static void count_write(struct json *json, const char *name, int32_t count) {
    if (count > 0) {
        json_integer(json, name, count);
    } else {
        json_null(json, name);
    }
}

static void checkout_path_write(
    struct json *json, struct arena *arena, const struct order_view *view) {
    json_string(json, "checkout_path",
        view->status == ORDER_STATUS_PENDING
            ? arena_printf(arena, "/checkout/%s", view->row->order.checkout_token)
            : NULL);
}

/* The members that the list and the detail screen share; zeros without a contract. */
static void owed_write(struct json *json, const struct due_quote *quote) {
    json_integer(json, "paid_count", quote == NULL ? 0 : quote->settled_count);
    json_money(json, "owed_now_fen", quote == NULL ? MONEY_ZERO : quote->owed_now);
    json_money(json, "overdue_fen", quote == NULL ? MONEY_ZERO : quote->overdue);
    json_integer(json, "days_overdue", quote == NULL ? 0 : quote->days_overdue);
    json_day(json, "next_due_day", quote == NULL ? DAY_NONE : quote->next_due_day);
    json_money(json, "next_due_fen", quote == NULL ? MONEY_ZERO : quote->next_due);
    json_money(json, "principal_left_fen", quote == NULL ? MONEY_ZERO : quote->principal_left);
}

void order_summary_write(struct json *json, const char *name, struct arena *arena,
    const struct order_view *view, const struct order_extras *extras) {
    const struct order *order = &view->row->order;
    const struct extension_request *request = latest_request(view, extras);
    json_open(json, name, '{');
    order_number_write(json, "order_id", order->customer_id, order->order_id);
    json_string(json, "title", order->title);
    json_string(json, "shop_name", view->row->shop_name);
    json_string(json, "state", order_status_name(view->status));
    json_day(json, "placed_on", order->placed_on);
    json_money(json, "amount_fen", order->amount);
    count_write(json, "instalment_count", order->instalment_count);
    owed_write(json, view->quote);
    checkout_path_write(json, arena, view);
    open_payment_write(json, "open_payment", extras->money, order->order_id);
    json_boolean(json, "extension_waiting", request != NULL && request->state == EXTENSION_WAITING);
    json_close(json);
}

/* The schema's word for an instalment's state. */
static const char *instalment_state_name(enum instalment_state state) {
    switch (state) {
    case INSTALMENT_UPCOMING:
        return "upcoming";
    case INSTALMENT_DUE:
        return "due";
    case INSTALMENT_OVERDUE:
        return "overdue";
    case INSTALMENT_SETTLED:
        return "paid";
    case INSTALMENT_REFUNDED:
        return "cancelled";
    }
    return "";
}

static void instalment_write(struct json *json, struct arena *arena, const struct order_view *view,
    const struct instalment_quote *instalment, const struct order_money *money) {
    struct explanation explanation;
    explain_instalment(
        view->terms, view->state, view->quote->day, instalment->number, &explanation);
    struct worded_lines lines = word_explanation(arena, &explanation, false);
    bool moved = day_compare(instalment->scheduled_day, instalment->due_day) != 0;
    json_open(json, NULL, '{');
    json_integer(json, "number", instalment->number);
    json_day(json, "due_day", instalment->due_day);
    json_string(json, "state", instalment_state_name(instalment->state));
    json_money(json, "principal_fen", instalment->charged[COMPONENT_PRINCIPAL]);
    json_money(json, "interest_fen", instalment->charged[COMPONENT_INTEREST]);
    json_money(json, "fee_fen", instalment->charged[COMPONENT_FEE]);
    json_money(json, "penalty_fen", instalment->charged[COMPONENT_PENALTY]);
    json_money(json, "total_fen", instalment->total);
    json_money(json, "paid_fen", instalment->paid_total);
    json_money(json, "left_fen", instalment->left);
    json_integer(json, "days_overdue", instalment->days_overdue);
    json_day(json, "original_due_day", moved ? instalment->scheduled_day : DAY_NONE);
    write_lines(json, "why", &lines);
    instalment_payments_write(json, "payments", money, instalment->number);
    json_close(json);
}

void settlement_write(struct json *json, const char *name, struct arena *arena,
    struct moment moment, const struct order_view *view) {
    struct settle_quote *quote = ARENA_NEW(arena, struct settle_quote);
    if (view->state != NULL) {
        quote_settle(view->terms, view->state, view->quote->day, quote);
    }
    if (!quote->possible) {
        json_null(json, name);
        return;
    }
    struct explanation explanation;
    explain_settle(view->terms, view->state, view->quote->day, &explanation);
    struct worded_lines lines = word_explanation(arena, &explanation, false);
    bool free_of_charge = money_is_zero(quote->early_fee);
    struct instant end = day_start(day_add(moment.business_date, 1), ZONE_SHANGHAI);
    json_open(json, name, '{');
    order_number_write(json, "order_id", view->row->order.customer_id, view->row->order.order_id);
    json_money(json, "total_fen", quote->total);
    json_money(json, "saved_fen", quote->saved);
    json_money(json, "early_fee_fen", quote->early_fee);
    json_instant(json, "valid_until", instant_add_seconds(end, -1));
    write_lines(json, "lines", &lines);
    json_string(json, "note_zh",
        free_of_charge ? "不收违约金" : "按合同约定，未到期部分的费用照收，已计入上述金额");
    json_string(json, "note_en",
        free_of_charge ? "No early-settlement fee"
                       : "By the contract the costs of remaining periods are charged; included");
    json_close(json);
}

void extension_request_write(
    struct json *json, const char *name, const struct extension_request *request) {
    static const char *const states[] = {[EXTENSION_WAITING] = "waiting",
        [EXTENSION_APPROVED] = "approved",
        [EXTENSION_REJECTED] = "rejected",
        [EXTENSION_WITHDRAWN] = "withdrawn"};
    if (request == NULL) {
        json_null(json, name);
        return;
    }
    char number[PUBLIC_NUMBER_SIZE];
    json_open(json, name, '{');
    json_string(json, "extension_request_id",
        public_number_write(
            PUBLIC_EXTENSION_REQUEST, request->customer_id, request->request_id, number));
    order_number_write(json, "order_id", request->customer_id, request->order_id);
    json_string(json, "state", states[request->state]);
    json_integer(json, "instalment_number", request->instalment_number);
    json_integer(json, "days", request->days);
    json_money(json, "cost_fen", request->cost);
    json_string(json, "reason", request->reason);
    json_instant(json, "created_at", request->created_at);
    json_instant(json, "answer_by", request->answer_by);
    json_instant(json, "decided_at", request->decided_at);
    json_string(json, "decision_note", request->note);
    json_close(json);
}

static void extension_state_write(struct json *json, struct moment moment,
    const struct order_view *view, const struct order_extras *extras) {
    struct extension_offer offer;
    view_extension_offer(moment, view, extras, &offer);
    json_open(json, "extension", '{');
    json_boolean(json, "eligible", offer.reason == EXTENSION_POSSIBLE);
    json_string(json, "reason_zh", extension_reason_zh(offer.reason));
    json_string(json, "reason_en", extension_reason_en(offer.reason));
    extension_request_write(json, "request", latest_request(view, extras));
    json_close(json);
}

/* Why what is owed now is owed: the lines of every instalment in it. */
static struct worded_lines owed_lines(struct arena *arena, const struct order_view *view) {
    struct worded_lines all = {0};
    if (view->quote == NULL) {
        return all;
    }
    int32_t open = 0;
    for (int32_t pass = 0; pass < 2; pass++) {
        for (int32_t i = 0; i < view->quote->count; i++) {
            const struct instalment_quote *instalment = &view->quote->instalments[i];
            bool now =
                instalment->state == INSTALMENT_OVERDUE || instalment->state == INSTALMENT_DUE;
            if (!now || !money_is_positive(instalment->left)) {
                continue;
            }
            if (pass == 0) {
                open++;
                continue;
            }
            struct explanation explanation;
            explain_instalment(
                view->terms, view->state, view->quote->day, instalment->number, &explanation);
            struct worded_lines lines = word_explanation(arena, &explanation, open > 1);
            join_lines(arena, &all, &lines);
        }
    }
    return all;
}

static void product_write(struct json *json, const struct order_row *row) {
    json_open(json, "product", '{');
    json_string(json, "code", row->order.product_code);
    json_string(json, "name_zh", row->product_name_zh);
    json_string(json, "name_en", row->product_name_en);
    json_string(json, "method", method_name((enum method)row->product_method));
    json_close(json);
}

/* The accepted cost table and the two rates on it. */
static void accepted_table_write(
    struct json *json, struct arena *arena, const struct order_row *row) {
    if (row->cost_table == NULL) {
        json_null(json, "irr_per_billion");
        json_null(json, "simple_per_billion");
        json_null(json, "cost_table");
        return;
    }
    struct cost_table_rates rates = cost_table_rates(row->cost_table);
    json_integer(json, "irr_per_billion", rates.irr.per_billion);
    json_integer(json, "simple_per_billion", rates.simple.per_billion);
    cost_table_write(json, "cost_table", arena, row->cost_table, row->cost_table_hash,
        row->cost_table_accepted_at);
}

static void parties_write(struct json *json, struct arena *arena, const struct order_view *view) {
    const struct order *order = &view->row->order;
    char number[PUBLIC_NUMBER_SIZE];
    json_string(json, "state", order_status_name(view->status));
    json_string(json, "contract_id",
        order->contract_id == 0
            ? NULL
            : public_number_write(PUBLIC_CONTRACT, order->customer_id, order->contract_id, number));
    json_string(json, "shop_name", view->row->shop_name);
    json_string(json, "shop_order_no", order->shop_order_no);
    json_string(json, "title", order->title);
    json_raw(json, "goods", order->goods);
    json_money(json, "amount_fen", order->amount);
    json_instant(json, "placed_at", order->placed_at);
    json_instant(json, "accepted_at", order->accepted_at);
    json_day(json, "settled_on", view->state == NULL ? DAY_NONE : view->state->closed_day);
    checkout_path_write(json, arena, view);
    product_write(json, view->row);
    count_write(json, "instalment_count", order->instalment_count);
    json_money(json, "refunded_fen", order->refunded);
}

void order_write(struct json *json, struct arena *arena, struct moment moment,
    const struct order_view *view, const struct order_extras *extras) {
    const struct order *order = &view->row->order;
    const struct due_quote *quote = view->quote;
    struct worded_lines why = owed_lines(arena, view);
    json_open(json, NULL, '{');
    order_number_write(json, "order_id", order->customer_id, order->order_id);
    json_day(json, "business_date", moment.business_date);
    json_instant(json, "now", moment.now);
    parties_write(json, arena, view);
    owed_write(json, quote);
    json_money(json, "penalty_fen", quote == NULL ? MONEY_ZERO : quote->penalty);
    bool owes = quote != NULL && money_is_positive(quote->owed_now);
    json_day(json, "earliest_due", owes ? quote->earliest_due_day : DAY_NONE);
    write_lines(json, "why", &why);
    json_money(json, "paid_fen", quote == NULL ? MONEY_ZERO : quote->paid);
    json_open(json, "instalments", '[');
    for (int32_t i = 0; quote != NULL && i < quote->count; i++) {
        instalment_write(json, arena, view, &quote->instalments[i], extras->money);
    }
    json_close(json);
    settlement_write(json, "settlement", arena, moment, view);
    autopay_state_write(json, "autopay", extras->money);
    credit_record_write(json, "credit_record", arena, view);
    overdue_write(json, "overdue", arena, view, latest_request(view, extras));
    extension_state_write(json, moment, view, extras);
    open_payments_write(json, "open_payments", extras->money, order->order_id);
    order_payments_write(json, "payments", extras->money, order->order_id);
    accepted_table_write(json, arena, view->row);
    json_string(json, "phone", extras->service_phone);
    json_close(json);
}

static void choice_write(struct json *json, struct arena *arena, const struct order_view *view,
    const struct extension_choice *choice) {
    struct explanation explanation;
    explain_extension(view->terms, view->state, view->quote->day, choice->instalment_number,
        choice->days, &explanation);
    struct worded_lines lines = word_explanation(arena, &explanation, false);
    json_open(json, NULL, '{');
    json_integer(json, "instalment_number", choice->instalment_number);
    json_day(json, "due_day", choice->due_day);
    json_money(json, "amount_fen", choice->left);
    json_integer(json, "days", choice->days);
    json_day(json, "new_due_day", choice->new_due_day);
    json_money(json, "cost_fen", choice->cost);
    write_lines(json, "lines", &lines);
    json_close(json);
}

void extension_offer_write(struct json *json, struct arena *arena, struct moment moment,
    const struct order_view *view, const struct extension_offer *offer) {
    json_open(json, NULL, '{');
    order_number_write(json, "order_id", view->row->order.customer_id, view->row->order.order_id);
    json_string(json, "title", view->row->order.title);
    json_day(json, "business_date", moment.business_date);
    json_boolean(json, "eligible", offer->reason == EXTENSION_POSSIBLE);
    json_string(json, "reason_zh", extension_reason_zh(offer->reason));
    json_string(json, "reason_en", extension_reason_en(offer->reason));
    json_open(json, "rules_zh", '[');
    json_string(json, NULL,
        arena_printf(
            arena, "每笔订单最多延期 %d 次，已用 %d 次", offer->max_count, offer->used_count));
    json_string(json, NULL, "到期前 7 天内或逾期 60 天以内可以申请，由工作人员在 1 个工作日内答复");
    json_string(json, NULL, "延期费用以批准当天计算为准，不会高于申请时显示的金额");
    json_string(json, NULL, "延期前已发生的逾期记录不会因此改变；审核期间暂停催收");
    json_close(json);
    json_open(json, "rules_en", '[');
    json_string(json, NULL,
        arena_printf(
            arena, "At most %d extensions an order; %d used", offer->max_count, offer->used_count));
    json_string(json, NULL,
        "You can ask from 7 days before the due day until 60 days overdue; staff answer within a "
        "day");
    json_string(json, NULL,
        "The cost is that of the day of approval and never more than what is shown here");
    json_string(
        json, NULL, "Records of days already overdue stay; collection pauses while you wait");
    json_close(json);
    json_open(json, "choices", '[');
    for (size_t i = 0; i < offer->choice_count; i++) {
        choice_write(json, arena, view, &offer->choices[i]);
    }
    json_close(json);
    extension_request_write(json, "request", offer->latest);
    json_close(json);
}
