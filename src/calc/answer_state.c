/*
 * answer_state.c: how a contract stands. Exports answer_state(), answer_delinquency(),
 * answer_next_action().
 */
#include "calc/case.h"
#include "calc/write.h"
#include "engine/delinquency.h"

static void write_instalment(
    struct json *json, int32_t number, const struct instalment *instalment) {
    struct money owed[COMPONENT_COUNT];
    for (int c = 0; c < COMPONENT_COUNT; c++)
        owed[c] = instalment_owed(instalment, (enum component)c);
    json_open(json, NULL, '{');
    json_integer(json, "number", number);
    json_string(json, "kind", instalment_kind_names[instalment->kind]);
    json_string(json, "state", instalment_state_names[instalment->state]);
    json_day(json, "period_start", instalment->period_start);
    json_day(json, "scheduled_day", instalment->scheduled_day);
    json_day(json, "due_day", instalment->due_day);
    json_day(json, "settled_day", instalment->settled_day);
    write_components(json, "charged", instalment->charged);
    write_components(json, "paid", instalment->paid);
    write_components(json, "waived", instalment->waived);
    write_components(json, "owed", owed);
    write_yuan(json, "subsidy", instalment->subsidy);
    write_yuan(json, "left", instalment_left(instalment));
    json_close(json);
}

static void write_sums(struct json *json, const struct contract_state *state) {
    static const char *const sources[SOURCE_COUNT] = {"channel", "credit_balance", "goodwill",
        "shop", "interest_refund", "charge_refund", "down_payment"};
    json_open(json, "received", '{');
    for (int s = 0; s < SOURCE_COUNT; s++)
        write_yuan(json, sources[s], state->received[s]);
    json_close(json);
    write_yuan(json, "drawn", state->drawn);
    write_yuan(json, "overpaid", state->overpaid);
    write_yuan(json, "refund_to_customer", state->refund_to_customer);
    write_yuan(json, "rebated", state->rebated);
    write_yuan(json, "refunded_by_shop", state->refunded_by_shop);
    write_components(json, "given_up", state->given_up);
    write_components(json, "recovered", state->recovered);
    write_yuan(json, "sale_price", state->sale_price);
}

bool answer_state(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}};
    const struct contract_state *state = &calc->state;
    if (!read_params(&calc->reader, place, question, params, 1))
        return false;
    json_string(json, "status", contract_status_names[state->status]);
    json_day(json, "day", state->day);
    json_integer(json, "last_sequence", state->last_sequence);
    json_day(json, "closed_day", state->closed_day);
    json_day(json, "charged_off_day", state->charged_off_day);
    json_day(json, "accelerated_day", state->accelerated_day);
    json_integer(json, "days_overdue", state->days_overdue);
    json_integer(json, "extension_count", state->extension_count);
    write_rate(json, "annual_rate", contract_rate(state, state->day));
    write_rate(json, "all_in_cap", state->all_in_cap);
    write_yuan(json, "left", contract_left(state));
    write_yuan(json, "principal_left", contract_principal_left(state));
    write_sums(json, state);
    json_open(json, "instalments", '[');
    for (int32_t i = 0; i < state->instalment_count; i++)
        write_instalment(json, i + 1, &state->instalments[i]);
    json_close(json);
    return true;
}

/* ---- how late ---- */

static struct day month_end(struct day month_start) {
    return day_add(day_add_months(month_start, 1), -1);
}

static void write_month(struct json *json, const struct calc_case *calc,
    const struct contract_state *state, struct day month_start, struct day last) {
    struct day end = month_end(month_start);
    char text[DAY_TEXT_SIZE];
    char code[2] = {
        bureau_status_code(&calc->terms, state, day_compare(end, last) < 0 ? end : last)};
    day_to_text(month_start, text);
    text[7] = '\0';
    json_open(json, NULL, '{');
    json_string(json, "month", text);
    json_string(json, "code", code);
    json_close(json);
}

static struct day month_start_of(struct day day) {
    struct civil civil = day_to_civil(day);
    return day_from_civil(civil.year, civil.month, 1);
}

bool answer_delinquency(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    struct day on = calc->as_of;
    struct day from = month_start_of(on);
    struct day to = DAY_NONE;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}, {"on", PARAM_DAY, &on},
        {"from_month", PARAM_MONTH, &from}, {"to_month", PARAM_MONTH, &to}};
    if (!read_params(&calc->reader, place, question, params, 4) ||
        !day_may_be_asked(calc, place, "on", on))
        return false;
    struct day first = month_start_of(calc->terms.start_day);
    struct day last = month_start_of(on);
    if (day_compare(from, first) < 0)
        from = first;
    if (day_is_none(to) || day_compare(to, last) > 0)
        to = last;
    struct contract_state *then = &calc->after;
    contract_copy(then, &calc->state);
    contract_advance(&calc->terms, then, on);
    int32_t days = then->days_overdue;
    json_day(json, "on", on);
    json_integer(json, "days", days);
    json_string(json, "bucket", bucket_name(bucket_of_days(days)));
    json_string(json, "class", loan_class_name(class_of_days(days)));
    json_day(json, "bureau_report_day", bureau_report_day(&calc->terms, then));
    json_open(json, "months", '[');
    for (; day_compare(from, to) <= 0; from = day_add_months(from, 1))
        write_month(json, calc, then, from, on);
    json_close(json);
    return true;
}

bool answer_next_action(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    struct day after = calc->as_of;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}, {"after", PARAM_DAY, &after}};
    if (!read_params(&calc->reader, place, question, params, 2) ||
        !day_may_be_asked(calc, place, "after", after))
        return false;
    json_day(json, "after", after);
    json_day(json, "day", next_action_day(&calc->terms, &calc->state, after));
    return true;
}
