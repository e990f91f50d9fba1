/*
 * answer_quote.c: what is owed, and why. Exports answer_due(), answer_settle(), answer_explain().
 */
#include "base/check.h"
#include "calc/case.h"
#include "calc/refusal_words.h"
#include "calc/write.h"

/* ---- due ---- */

static void write_open(struct json *json, const struct due_quote *due) {
    json_open(json, "instalments", '[');
    for (int32_t i = 0; i < due->count; i++) {
        const struct instalment_quote *part = &due->instalments[i];
        if (part->state == INSTALMENT_SETTLED || part->state == INSTALMENT_REFUNDED)
            continue;
        json_open(json, NULL, '{');
        json_integer(json, "number", part->number);
        json_string(json, "state", instalment_state_names[part->state]);
        json_day(json, "due_day", part->due_day);
        json_integer(json, "days_overdue", part->days_overdue);
        write_components(json, "owed", part->owed);
        write_yuan(json, "left", part->left);
        json_close(json);
    }
    json_close(json);
}

static void write_due(struct calc_case *calc, struct day on, struct json *json) {
    struct due_quote *due = &calc->due;
    quote_due(&calc->terms, &calc->state, on, due);
    json_day(json, "on", on);
    write_yuan(json, "owed_now", due->owed_now);
    write_yuan(json, "overdue", due->overdue);
    write_yuan(json, "due", due->due);
    write_yuan(json, "left", due->left);
    write_yuan(json, "penalty", due->penalty);
    write_yuan(json, "principal_left", due->principal_left);
    write_yuan(json, "paid", due->paid);
    write_yuan(json, "further_day", due->further_day);
    json_day(json, "earliest_due_day", due->earliest_due_day);
    json_day(json, "next_due_day", due->next_due_day);
    write_yuan(json, "next_due", due->next_due);
    json_integer(json, "days_overdue", due->days_overdue);
    json_integer(json, "settled_count", due->settled_count);
    write_open(json, due);
}

static void write_window(
    struct calc_case *calc, struct day from, struct day to, struct json *json) {
    struct window_quote window;
    quote_window(&calc->state, from, to, &window);
    json_day(json, "from", from);
    json_day(json, "to", to);
    write_components(json, "owed", window.owed);
    write_yuan(json, "total", window.total);
    json_open(json, "instalments", '[');
    for (int32_t i = 0; i < window.count; i++) {
        const struct instalment *part = &calc->state.instalments[window.instalments[i] - 1];
        json_open(json, NULL, '{');
        json_integer(json, "number", window.instalments[i]);
        json_day(json, "due_day", part->due_day);
        write_yuan(json, "left", instalment_left(part));
        json_close(json);
    }
    json_close(json);
}

bool answer_due(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    struct day on = DAY_NONE;
    struct day from = DAY_NONE;
    struct day to = DAY_NONE;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}, {"on", PARAM_DAY, &on},
        {"from", PARAM_DAY, &from}, {"to", PARAM_DAY, &to}};
    if (!read_params(&calc->reader, place, question, params, 4))
        return false;
    bool window = !day_is_none(from) || !day_is_none(to);
    if (!window) {
        if (day_is_none(on))
            on = calc->as_of;
        if (!day_may_be_asked(calc, place, "on", on))
            return false;
        write_due(calc, on, json);
        return true;
    }
    if (!day_is_none(on) || day_is_none(from) || day_is_none(to) || day_compare(from, to) > 0)
        return refuse(&calc->reader, place, "not_window", "要么给 on，要么给 from 和不早于它的 to",
            "give either on, or from and a to that is not before it");
    write_window(calc, from, to, json);
    return true;
}

/* ---- settling ---- */

bool answer_settle(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    struct day on = calc->as_of;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}, {"on", PARAM_DAY, &on}};
    if (!read_params(&calc->reader, place, question, params, 2) ||
        !day_may_be_asked(calc, place, "on", on))
        return false;
    struct settle_quote *quote = &calc->settle;
    quote_settle(&calc->terms, &calc->state, on, quote);
    json_day(json, "valid_through", on);
    json_boolean(json, "possible", quote->possible);
    write_yuan(json, "total", quote->total);
    write_yuan(json, "principal", quote->principal);
    write_yuan(json, "interest", quote->interest);
    write_yuan(json, "fee", quote->fee);
    write_yuan(json, "penalty", quote->penalty);
    write_yuan(json, "early_fee", quote->early_fee);
    write_yuan(json, "saved", quote->saved);
    json_open(json, "instalments", '[');
    for (int32_t i = 0; i < quote->count; i++) {
        json_open(json, NULL, '{');
        json_integer(json, "number", quote->lines[i].instalment);
        write_components(json, "owed", quote->lines[i].owed);
        write_yuan(json, "saved", quote->lines[i].saved);
        json_close(json);
    }
    json_close(json);
    return true;
}

/* ---- explaining ---- */

static void write_explanation(struct json *json, const struct explanation *explanation) {
    write_yuan(json, "total", explanation->total);
    json_open(json, "lines", '[');
    for (int32_t i = 0; i < explanation->count; i++) {
        const struct explain_line *line = &explanation->lines[i];
        json_open(json, NULL, '{');
        json_string(json, "kind", explain_kind_name(line->kind));
        json_integer(json, "instalment", line->instalment);
        write_yuan(json, "base", line->base);
        write_rate(json, "rate", line->rate);
        json_integer(json, "days", line->days);
        write_yuan(json, "amount", line->amount);
        json_close(json);
    }
    json_close(json);
}

enum about { ABOUT_INSTALMENT, ABOUT_SETTLE, ABOUT_EXTENSION };
static const char *const about_names[] = {"instalment", "settle", "extension"};

struct explain_question {
    int64_t about;
    int64_t instalment; /* 0: not given */
    int64_t days;       /* 0: not given */
    struct day on;
};

static bool read_explain(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct explain_question *out) {
    const struct json_value *ask;
    const struct param params[] = {
        {"ask", PARAM_ANY, &ask},
        {"about", PARAM_WORD, &out->about, true, 0, ABOUT_EXTENSION, about_names},
        {"instalment", PARAM_INTEGER, &out->instalment, false, 1, calc->state.instalment_count,
            NULL},
        {"days", PARAM_INTEGER, &out->days, false, 1, CONTRACT_DAYS_MAX, NULL},
        {"on", PARAM_DAY, &out->on},
    };
    if (!read_params(&calc->reader, place, question, params, sizeof params / sizeof params[0]))
        return false;
    struct place instalment = {place, "instalment", 0};
    struct place days = {place, "days", 0};
    if ((out->instalment != 0) != (out->about != ABOUT_SETTLE))
        return refuse(&calc->reader, &instalment, "missing", "结清不指定期数，其他需要指定",
            "must be given, but not about settling");
    if ((out->days != 0) != (out->about == ABOUT_EXTENSION))
        return refuse(&calc->reader, &days, "missing", "延期需要天数，其他不需要",
            "must be given about an extension, and only then");
    return day_may_be_asked(calc, place, "on", out->on);
}

static bool explain_moving(struct calc_case *calc, const struct place *place,
    const struct explain_question *question, struct explanation *explanation) {
    struct extension_quote quote;
    quote_extension(&calc->terms, &calc->state, question->on, (int32_t)question->instalment,
        (int32_t)question->days, &quote);
    if (quote.refusal != CONTRACT_OK) {
        struct refusal_words words = contract_refusal_words(quote.refusal);
        return refuse(
            &calc->reader, place, contract_refusal_name(quote.refusal), words.zh, words.en);
    }
    explain_extension(&calc->terms, &calc->state, question->on, (int32_t)question->instalment,
        (int32_t)question->days, explanation);
    return true;
}

bool answer_explain(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    struct explain_question asked = {.on = calc->as_of};
    struct explanation explanation;
    if (!read_explain(calc, place, question, &asked))
        return false;
    json_string(json, "about", about_names[asked.about]);
    json_day(json, "on", asked.on);
    switch ((enum about)asked.about) {
    case ABOUT_INSTALMENT:
        explain_instalment(
            &calc->terms, &calc->state, asked.on, (int32_t)asked.instalment, &explanation);
        json_integer(json, "instalment", asked.instalment);
        break;
    case ABOUT_SETTLE:
        explain_settle(&calc->terms, &calc->state, asked.on, &explanation);
        break;
    case ABOUT_EXTENSION:
        if (!explain_moving(calc, place, &asked, &explanation))
            return false;
        json_integer(json, "instalment", asked.instalment);
        json_integer(json, "days", asked.days);
        break;
    }
    write_explanation(json, &explanation);
    return true;
}
