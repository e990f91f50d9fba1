/*
 * answer_rates.c: rates of cash flows that stand alone, and annuities. Exports answer_rates(),
 * answer_annuity().
 */
#include "base/check.h"
#include "calc/case.h"
#include "calc/rate_words.h"
#include "calc/write.h"
#include "engine/annuity.h"
#include "engine/cost_rate.h"

enum {
    DAYS_A_YEAR = 365,
    DAYS_MOST = 36525,
    PERIODS_A_YEAR_MAX = 366,
    FLOW_YEAR_MIN = 1950,
    FLOW_YEAR_MAX = 2400,
};

static const char *const unit_names[] = {"day", "week", "half_month", "month", "year"};
/* How many of each make a year: no unit-period is longer (Regulation Z, Appendix J (b)(4)). */
static const int32_t units_a_year[] = {365, 52, 24, 12, 1};

/* The flows of a question, by any of the rules of time. */
struct flows {
    int32_t count;
    struct day days[CALC_FLOWS_MAX];
    struct real amounts[CALC_FLOWS_MAX];
    struct cash_flow timed[CALC_FLOWS_MAX];
};
_Static_assert((int)CALC_FLOWS_MAX <= (int)CASH_FLOWS_MAX, "more flows than the solver takes");

static bool refuse_count(struct calc_case *calc, const struct place *place) {
    return refuse(&calc->reader, place, "wrong_length", "应有 2 到 1200 笔现金流",
        "must have 2 to 1200 cash flows");
}

static bool count_is_valid(const struct json_value *list) {
    return list->count >= 2 && list->count <= CALC_FLOWS_MAX;
}

/* ---- equal periods ---- */

static bool rates_of_amounts(struct calc_case *calc, const struct place *place,
    const struct json_value *amounts, int64_t periods_a_year, struct json *json) {
    struct flows *flows = ARENA_NEW(calc->reader.arena, struct flows);
    struct place list = {place, "amounts", 0};
    struct place here = {&list, NULL, 0};
    if (!count_is_valid(amounts))
        return refuse_count(calc, &list);
    for (const struct json_value *item = amounts->first; item != NULL; item = item->next) {
        struct money amount;
        if (!read_money(&calc->reader, &here, item, -PRINCIPAL_MAX_FEN, PRINCIPAL_MAX_FEN, &amount))
            return false;
        flows->timed[here.index] = cash_flow_whole(real_from_fen(amount), (int32_t)here.index);
        here.index++;
    }
    struct cash_flows all = {flows->timed, (int32_t)here.index, PART_COMPOUND};
    struct real rate = REAL_ZERO;
    bool found = cash_flows_rate(&all, real_from_ratio(1, 100), &rate);
    struct real periods = real_from_int(periods_a_year);
    struct real a_year =
        real_subtract(real_power_int(real_add(rate, real_from_int(1)), (int32_t)periods_a_year),
            real_from_int(1));
    json_open(json, "rates", '[');
    write_labelled_rate(json, RATE_LABEL_IRR, found, rate);
    write_labelled_rate(json, RATE_LABEL_IRR_NOMINAL, found, real_multiply(rate, periods));
    write_labelled_rate(json, RATE_LABEL_IRR_EFFECTIVE, found, a_year);
    json_close(json);
    return true;
}

/* ---- by day ---- */

static bool read_flow(struct calc_case *calc, const struct place *place,
    const struct json_value *item, struct flows *flows) {
    struct day day = DAY_NONE;
    struct money amount = MONEY_ZERO;
    const struct param params[] = {{"day", PARAM_DAY, &day, true},
        {"amount", PARAM_MONEY, &amount, true, -PRINCIPAL_MAX_FEN, PRINCIPAL_MAX_FEN, NULL}};
    struct place here = {place, "day", 0};
    if (!read_params(&calc->reader, place, item, params, 2))
        return false;
    if (day_to_civil(day).year < FLOW_YEAR_MIN || day_to_civil(day).year > FLOW_YEAR_MAX)
        return refuse(&calc->reader, &here, "out_of_range", "日期应在 1950 到 2400 年之间",
            "the day must lie in the years 1950 to 2400");
    if (flows->count > 0 && (day_compare(day, flows->days[flows->count - 1]) < 0 ||
                                days_between(flows->days[0], day) > DAYS_MOST))
        return refuse(&calc->reader, &here, "not_ascending",
            "日期不得早于前一笔，也不得晚于第一笔之后 100 年",
            "must not be before the flow before it nor over 100 years after the first");
    flows->days[flows->count] = day;
    flows->amounts[flows->count++] = real_from_fen(amount);
    return true;
}

static bool rates_of_days(struct calc_case *calc, const struct place *place,
    const struct json_value *list, struct interval unit, struct json *json) {
    struct flows *flows = ARENA_NEW(calc->reader.arena, struct flows);
    struct place outer = {place, "flows", 0};
    struct place here = {&outer, NULL, 0};
    struct place unit_place = {place, "unit", 0};
    if (!count_is_valid(list))
        return refuse_count(calc, &outer);
    for (const struct json_value *item = list->first; item != NULL; item = item->next) {
        if (!read_flow(calc, &here, item, flows))
            return false;
        here.index++;
    }
    struct day start = flows->days[0];
    if (unit.unit == INTERVAL_DAY &&
        days_between(start, flows->days[flows->count - 1]) > CASH_FLOW_WHOLE_MAX)
        return refuse(&calc->reader, &unit_place, "out_of_range", "按日最多 10000 天",
            "at most 10000 days when the unit is a day");
    json_open(json, "rates", '[');
    for (int32_t i = 0; i < flows->count; i++)
        flows->timed[i] =
            cash_flow_fraction(flows->amounts[i], days_between(start, flows->days[i]), DAYS_A_YEAR);
    struct cash_flows all = {flows->timed, flows->count, PART_COMPOUND};
    struct real rate = REAL_ZERO;
    bool found = cash_flows_rate(&all, real_from_ratio(1, 10), &rate);
    write_labelled_rate(json, RATE_LABEL_XIRR, found, rate);
    for (int32_t i = 0; i < flows->count; i++)
        flows->timed[i] = cash_flow_european(flows->amounts[i], start, flows->days[i], unit.unit);
    struct cost_rate cost = european_rate(flows->timed, flows->count);
    write_labelled_rate(json, RATE_LABEL_EUROPEAN, cost.found, cost.exact);
    for (int32_t i = 0; i < flows->count; i++)
        flows->timed[i] = cash_flow_actuarial(flows->amounts[i], start, flows->days[i], unit);
    cost = actuarial_rate(flows->timed, flows->count, intervals_per_year(unit));
    write_labelled_rate(json, RATE_LABEL_ACTUARIAL, cost.found, cost.exact);
    json_close(json);
    return true;
}

bool answer_rates(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    const struct json_value *amounts = NULL;
    const struct json_value *flows = NULL;
    int64_t periods = 12;
    int64_t unit = INTERVAL_MONTH;
    int64_t multiple = 1;
    const struct param params[] = {
        {"ask", PARAM_ANY, &ask},
        {"amounts", PARAM_LIST, &amounts},
        {"periods_a_year", PARAM_INTEGER, &periods, false, 1, PERIODS_A_YEAR_MAX, NULL},
        {"flows", PARAM_LIST, &flows},
        {"unit", PARAM_WORD, &unit, false, 0, INTERVAL_YEAR, unit_names},
        {"multiple", PARAM_INTEGER, &multiple, false, 1, 366, NULL},
    };
    if (!read_params(&calc->reader, place, question, params, sizeof params / sizeof params[0]))
        return false;
    if ((amounts == NULL) == (flows == NULL))
        return refuse(&calc->reader, place, "not_flows",
            "要么给 amounts（等间隔），要么给 flows（按日期）",
            "give either amounts (equal periods) or flows (by day)");
    if (amounts != NULL)
        return rates_of_amounts(calc, place, amounts, periods, json);
    struct place place_of_multiple = {place, "multiple", 0};
    if (multiple > units_a_year[unit])
        return refuse(&calc->reader, &place_of_multiple, "out_of_range", "一个单位期不得超过一年",
            "a unit-period must not be longer than a year");
    struct interval interval = {(enum interval_unit)unit, (int32_t)multiple};
    return rates_of_days(calc, place, flows, interval, json);
}

/* ---- annuities ---- */

enum find { FIND_PAYMENT, FIND_PRESENT, FIND_FUTURE, FIND_PERIODS, FIND_RATE };
static const char *const find_names[] = {"payment", "present", "future", "periods", "rate"};

struct annuity_question {
    int64_t find;
    struct real rate;
    int64_t periods;
    struct money payment;
    struct money present;
    struct money future;
    bool in_advance;
};

static bool read_annuity(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct annuity_question *out) {
    const struct json_value *ask;
    const int64_t most = PRINCIPAL_MAX_FEN;
    const struct param params[] = {
        {"ask", PARAM_ANY, &ask},
        {"find", PARAM_WORD, &out->find, true, 0, FIND_RATE, find_names},
        {"rate", PARAM_EXACT_RATE, &out->rate},
        {"periods", PARAM_INTEGER, &out->periods, false, 1, CONTRACT_DAYS_MAX, NULL},
        {"payment", PARAM_MONEY, &out->payment, false, -most, most, NULL},
        {"present", PARAM_MONEY, &out->present, false, -most, most, NULL},
        {"future", PARAM_MONEY, &out->future, false, -most, most, NULL},
        {"in_advance", PARAM_FLAG, &out->in_advance},
    };
    struct place found = {place, find_names[0], 0};
    if (!read_params(&calc->reader, place, question, params, sizeof params / sizeof params[0]))
        return false;
    found.name = find_names[out->find];
    if (json_member(question, found.name) != NULL)
        return refuse(&calc->reader, &found, "not_allowed", "要求的量不能同时给出",
            "what is asked for cannot be given");
    return true;
}

static bool solve_annuity(const struct annuity *annuity, enum find find, struct real *out) {
    switch (find) {
    case FIND_PAYMENT:
        return annuity_payment(annuity, out);
    case FIND_PRESENT:
        return annuity_present_value(annuity, out);
    case FIND_FUTURE:
        return annuity_future_value(annuity, out);
    case FIND_PERIODS:
        return annuity_periods(annuity, out);
    case FIND_RATE:
        return annuity_rate(annuity, real_from_ratio(1, 100), out);
    }
    check(false);
    return false;
}

bool answer_annuity(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    struct annuity_question asked = {0};
    if (!read_annuity(calc, place, question, &asked))
        return false;
    struct annuity annuity = {.rate = asked.rate,
        .periods = real_from_int(asked.periods),
        .payment = real_from_fen(asked.payment),
        .present = real_from_fen(asked.present),
        .future = real_from_fen(asked.future),
        .in_advance = asked.in_advance};
    struct real value = REAL_ZERO;
    bool found = solve_annuity(&annuity, (enum find)asked.find, &value);
    bool is_money = asked.find <= FIND_FUTURE;
    if (is_money)
        value = real_divide(value, real_from_int(100));
    json_string(json, "find", find_names[asked.find]);
    int64_t fen;
    if (is_money && found && real_to_decimal(value, 2, ROUND_HALF_UP, &fen) && money_in_range(fen))
        write_yuan(json, "amount", money_fen(fen));
    else
        json_null(json, "amount");
    if (found)
        write_decimal(json, "decimal", value, asked.find == FIND_RATE ? 15 : 6);
    else
        json_null(json, "decimal");
    return true;
}
