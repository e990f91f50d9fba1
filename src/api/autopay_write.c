/* autopay_write.c: automatic repayment as JSON. Exports what autopay_write.h declares. */
#include "api/autopay_write.h"

#include "api/payment_write.h"
#include "base/public_number.h"

void funding_source_ref_write(
    struct json *json, const char *name, struct arena *arena, const struct funding_source *source) {
    struct words words = source_words(arena, source);
    char number[PUBLIC_NUMBER_SIZE];
    json_open(json, name, '{');
    json_string(json, "funding_source_id",
        source == NULL ? "credit_balance"
                       : public_number_write(PUBLIC_FUNDING_SOURCE, source->customer_id,
                             source->funding_source_id, number));
    json_string(json, "kind", source == NULL ? "credit_balance" : "bank_card");
    json_string(json, "label_zh", words.zh);
    json_string(json, "label_en", words.en);
    json_close(json);
}

void autopay_plan_write(
    struct json *json, const char *name, struct arena *arena, const struct autopay_plan *plan) {
    json_open(json, name, '{');
    json_instant(json, "at", plan->at);
    funding_source_ref_write(json, "source", arena, plan->choice.source);
    json_money(json, "amount_fen", plan->amount);
    json_boolean(json, "is_fallback", plan->is_fallback);
    json_open(json, "orders", '[');
    for (size_t i = 0; i < plan->order_count; i++)
        order_ref_write(json, NULL, plan->orders[i]);
    json_close(json);
    json_close(json);
}

void autopay_failure_write(
    struct json *json, const char *name, struct arena *arena, const struct autopay_view *view) {
    const struct payment *payment = view->last_failure;
    if (payment == NULL) {
        json_null(json, name);
        return;
    }
    struct words reason = payment_reason_words(payment);
    char number[PUBLIC_NUMBER_SIZE];
    json_open(json, name, '{');
    json_string(json, "payment_id",
        public_number_write(PUBLIC_PAYMENT, payment->customer_id, payment->payment_id, number));
    json_instant(json, "at", payment->finished_at);
    json_money(json, "amount_fen", payment->amount);
    funding_source_ref_write(json, "source", arena, view->last_failure_source);
    json_string(json, "reason_zh", reason.zh);
    json_string(json, "reason_en", reason.en);
    if (view->day_count > 0 && view->days[0].plan_count > 0)
        autopay_plan_write(json, "next_attempt", arena, &view->days[0].plans[0]);
    else
        json_null(json, "next_attempt");
    json_close(json);
}

void autopay_brief_write(
    struct json *json, const char *name, struct arena *arena, const struct autopay_view *view) {
    json_open(json, name, '{');
    json_boolean(json, "enabled", view->settings.enabled);
    json_open(json, "sources", '[');
    for (size_t i = 0; i < view->choice_count; i++)
        funding_source_ref_write(json, NULL, arena, view->choices[i].source);
    json_close(json);
    json_open(json, "next_attempts", '[');
    for (size_t i = 0; view->day_count > 0 && i < view->days[0].plan_count; i++)
        autopay_plan_write(json, NULL, arena, &view->days[0].plans[i]);
    json_close(json);
    autopay_failure_write(json, "last_failure", arena, view);
    json_close(json);
}
