/* answer_plan.c: what terms promise. Exports answer_terms(), answer_schedule(), answer_cost(). */
#include "calc/case.h"
#include "calc/fields_json.h"
#include "calc/rate_words.h"
#include "calc/write.h"

/* A question without parameters of its own. */
static bool reads_nothing(
    struct calc_case *calc, const struct place *place, const struct json_value *question) {
    const struct json_value *ask;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}};
    return read_params(&calc->reader, place, question, params, 1);
}

bool answer_terms(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    if (!reads_nothing(calc, place, question))
        return false;
    write_terms(json, "terms", &calc->terms);
    return true;
}

static struct money row_total(const struct schedule_row *row) {
    return money_add(row->principal, money_add(row->interest, row->fee));
}

static void write_row(struct json *json, int32_t number, const struct schedule_row *row) {
    json_open(json, NULL, '{');
    json_integer(json, "number", number);
    json_string(json, "kind", instalment_kind_names[row->kind]);
    json_day(json, "period_start", row->period.start);
    json_day(json, "scheduled_day", row->period.end);
    json_day(json, "due_day", row->due_day);
    write_yuan(json, "opening", row->opening);
    write_yuan(json, "principal", row->principal);
    write_yuan(json, "interest", row->interest);
    write_yuan(json, "fee", row->fee);
    write_yuan(json, "subsidy", row->subsidy);
    write_yuan(json, "total", row_total(row));
    json_close(json);
}

bool answer_schedule(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    if (!reads_nothing(calc, place, question))
        return false;
    struct schedule *schedule = &calc->disclosure.schedule;
    schedule_build(&calc->terms, schedule);
    struct schedule_row sum = {0};
    json_integer(json, "count", schedule->count);
    json_integer(json, "regular_count", schedule->regular_count);
    json_open(json, "rows", '[');
    for (int32_t i = 0; i < schedule->count; i++) {
        const struct schedule_row *row = &schedule->rows[i];
        write_row(json, i + 1, row);
        sum.principal = money_add(sum.principal, row->principal);
        sum.interest = money_add(sum.interest, row->interest);
        sum.fee = money_add(sum.fee, row->fee);
        sum.subsidy = money_add(sum.subsidy, row->subsidy);
    }
    json_close(json);
    write_yuan(json, "principal", sum.principal);
    write_yuan(json, "interest", sum.interest);
    write_yuan(json, "fee", sum.fee);
    write_yuan(json, "subsidy", sum.subsidy);
    write_yuan(json, "total", row_total(&sum));
    return true;
}

/* ---- cost ---- */

static void write_items(struct json *json, const struct disclosure *disclosure) {
    json_open(json, "items", '[');
    for (int32_t i = 0; i < disclosure->item_count; i++) {
        const struct cost_item *item = &disclosure->items[i];
        json_open(json, NULL, '{');
        json_string(json, "cost", cost_kind_name(item->kind));
        json_boolean(json, "contingent", item->contingent);
        write_rate(json, "rate", item->rate);
        write_yuan(json, "fixed", item->fixed);
        write_yuan(json, "amount", item->amount);
        json_close(json);
    }
    json_close(json);
}

/* The rates by the days on which money moves, by the rules of Europe and of Regulation Z. */
static void write_rates_by_day(
    struct json *json, const struct terms *terms, const struct schedule *schedule) {
    struct cash_flow european[INSTALMENTS_MAX + 1];
    struct cash_flow actuarial[INSTALMENTS_MAX + 1];
    const struct interval month = {INTERVAL_MONTH, 1};
    struct real advance = real_negate(real_from_fen(terms->principal));
    int32_t count = 1;
    european[0] = cash_flow_european(advance, terms->start_day, terms->start_day, INTERVAL_MONTH);
    actuarial[0] = cash_flow_actuarial(advance, terms->start_day, terms->start_day, month);
    for (int32_t i = 0; i < schedule->count; i++) {
        struct real amount = real_from_fen(row_total(&schedule->rows[i]));
        struct day day = schedule->rows[i].due_day;
        european[count] = cash_flow_european(amount, terms->start_day, day, INTERVAL_MONTH);
        actuarial[count] = cash_flow_actuarial(amount, terms->start_day, day, month);
        count++;
    }
    struct cost_rate rate = european_rate(european, count);
    write_labelled_rate(json, RATE_LABEL_EUROPEAN, rate.found, rate.exact);
    rate = actuarial_rate(actuarial, count, intervals_per_year(month));
    write_labelled_rate(json, RATE_LABEL_ACTUARIAL, rate.found, rate.exact);
}

static struct real real_of_rate(struct rate rate) {
    return real_from_ratio(rate.per_billion, RATE_UNIT);
}

bool answer_cost(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    if (!reads_nothing(calc, place, question))
        return false;
    struct disclosure *cost = &calc->disclosure;
    disclosure_build(&calc->terms, cost);
    write_yuan(json, "principal", cost->principal);
    json_integer(json, "instalment_count", cost->instalment_count);
    json_day(json, "first_due_day", cost->first_due_day);
    json_day(json, "last_due_day", cost->last_due_day);
    write_yuan(json, "first_amount", cost->first_amount);
    write_yuan(json, "each_amount", cost->each_amount);
    write_yuan(json, "last_amount", cost->last_amount);
    write_yuan(json, "total_cost", cost->total_cost);
    write_yuan(json, "total_repayment", cost->total_repayment);
    write_rate(json, "cap", cost->cap);
    json_open(json, "rates", '[');
    write_labelled_rate(json, RATE_LABEL_NOMINAL, true, real_of_rate(cost->irr_nominal));
    write_labelled_rate(json, RATE_LABEL_EFFECTIVE, true, real_of_rate(cost->irr_effective));
    write_labelled_rate(json, RATE_LABEL_SIMPLE, true, real_of_rate(cost->simple));
    write_rates_by_day(json, &calc->terms, &cost->schedule);
    json_close(json);
    write_items(json, cost);
    return true;
}
