/* questions.c: the table of questions. Exports answer_question(), question_names (see case.h). */
#include "base/check.h"
#include "calc/case.h"

#include <string.h>

enum question_wants { WANTS_NOTHING, WANTS_TERMS, WANTS_CONTRACT };

static const struct {
    answer_function *answer;
    enum question_wants wants;
} questions[] = {
    {answer_terms, WANTS_TERMS},
    {answer_schedule, WANTS_TERMS},
    {answer_cost, WANTS_TERMS},
    {answer_state, WANTS_CONTRACT},
    {answer_due, WANTS_CONTRACT},
    {answer_settle, WANTS_CONTRACT},
    {answer_explain, WANTS_CONTRACT},
    {answer_what_if, WANTS_CONTRACT},
    {answer_delinquency, WANTS_CONTRACT},
    {answer_next_action, WANTS_CONTRACT},
    {answer_postings, WANTS_TERMS},
    {answer_rates, WANTS_NOTHING},
    {answer_annuity, WANTS_NOTHING},
};

const char *const question_names[] = {"terms", "schedule", "cost", "state", "due", "settle",
    "explain", "what_if", "delinquency", "next_action", "postings", "rates", "annuity"};
const int64_t question_count = sizeof questions / sizeof questions[0];

bool day_may_be_asked(
    struct calc_case *calc, const struct place *place, const char *name, struct day day) {
    struct place here = {place, name, 0};
    if (day_compare(day, calc->as_of) < 0)
        return refuse(
            &calc->reader, &here, "too_early", "不得早于 as_of", "must not be before as_of");
    if (days_between(calc->terms.start_day, day) > CONTRACT_DAYS_MAX)
        return refuse(&calc->reader, &here, "too_late", "不得晚于起息日之后 100 年",
            "must be within 100 years after the start day");
    return true;
}

bool answer_question(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    struct place here = {place, "ask", 0};
    if (question->kind != JSON_OBJECT_VALUE)
        return refuse(&calc->reader, place, "not_object", "应为对象 {\"ask\": …}",
            "must be an object {\"ask\": …}");
    const struct json_value *ask = json_member(question, "ask");
    int64_t which = 0;
    if (ask == NULL)
        return refuse(&calc->reader, &here, "missing", "缺少这个字段", "this field is missing");
    if (!read_word(&calc->reader, &here, ask, question_names, question_count - 1, &which))
        return false;
    if (questions[which].wants != WANTS_NOTHING && !calc->has_terms)
        return refuse(
            &calc->reader, &here, "needs_terms", "这个问题需要 terms", "this question needs terms");
    if (questions[which].wants == WANTS_CONTRACT && calc->state.status == CONTRACT_NEW)
        return refuse(&calc->reader, &here, "needs_activation", "这个问题需要已生效的合同",
            "this question needs a contract that was activated");
    json_open(json, NULL, '{');
    json_string(json, "ask", question_names[which]);
    if (!questions[which].answer(calc, place, question, json))
        return false;
    json_close(json);
    return true;
}
