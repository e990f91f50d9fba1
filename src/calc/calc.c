/* calc.c: a line in, a line out. Exports what calc.h declares but calc_schema(). */
#include "calc/calc.h"

#include "base/check.h"
#include "calc/case.h"
#include "calc/fields_json.h"
#include "calc/refusal_words.h"
#include "calc/write.h"

#include <stdlib.h>
#include <string.h>

/* The first block stays from line to line: large enough for nearly every document. */
enum { ARENA_BLOCK = 1 << 22, ID_MAX = 200 };

struct calc {
    struct arena *arena; /* of the line that is answered */
    struct calc_case work;
};

struct calc *calc_create(void) {
    struct calc *calc = calloc(1, sizeof *calc);
    check(calc != NULL);
    calc->arena = arena_create(ARENA_BLOCK);
    return calc;
}

void calc_destroy(struct calc *calc) {
    if (calc == NULL)
        return;
    arena_destroy(calc->arena);
    free(calc);
}

/* The members of a document, before any of them is looked into. */
struct document {
    int64_t version;
    const struct json_value *id;
    const struct json_value *terms;
    const struct json_value *events;
    const struct json_value *questions;
    struct day as_of;
};

static bool read_document(
    struct reader *reader, const struct json_value *value, struct document *document) {
    const struct param params[] = {
        {"calc", PARAM_INTEGER, &document->version, true, CALC_VERSION, CALC_VERSION, NULL},
        {"id", PARAM_ANY, &document->id},
        {"terms", PARAM_OBJECT, &document->terms},
        {"events", PARAM_LIST, &document->events},
        {"as_of", PARAM_DAY, &document->as_of},
        {"questions", PARAM_LIST, &document->questions, true},
    };
    return read_params(reader, NULL, value, params, sizeof params / sizeof params[0]);
}

static bool id_is_valid(struct reader *reader, const struct json_value *id) {
    struct place place = {NULL, "id", 0};
    return id == NULL || id->kind == JSON_INTEGER_VALUE ||
           (id->kind == JSON_TEXT_VALUE && id->count <= ID_MAX) ||
           refuse(reader, &place, "not_id", "应为整数或不超过 200 字节的文字",
               "must be a whole number or a text of at most 200 bytes");
}

static void write_id(struct json *json, const struct json_value *id) {
    if (id != NULL && id->kind == JSON_INTEGER_VALUE)
        json_integer(json, "id", id->integer);
    if (id != NULL && id->kind == JSON_TEXT_VALUE)
        json_string_n(json, "id", id->text, id->count);
}

static void write_head(struct json *json, int64_t number, const struct json_value *id) {
    json_open(json, NULL, '{');
    json_integer(json, "calc", CALC_VERSION);
    json_integer(json, "line", number);
    write_id(json, id);
}

/* ---- answering ---- */

static bool take_terms(struct calc_case *work, const struct document *document) {
    struct reader *reader = &work->reader;
    struct place place = {NULL, "terms", 0};
    work->has_terms = document->terms != NULL;
    if (!work->has_terms) {
        struct place events = {NULL, "events", 0};
        struct place as_of = {NULL, "as_of", 0};
        if (document->events == NULL && day_is_none(document->as_of))
            return true;
        return refuse(reader, document->events != NULL ? &events : &as_of, "needs_terms",
            "没有 terms 时不能有这个字段", "cannot be given without terms");
    }
    work->terms = terms_defaults();
    if (!read_terms(reader, &place, document->terms, true, &work->terms))
        return false;
    enum terms_refusal refusal = terms_validate(&work->terms);
    if (refusal == TERMS_OK)
        return true;
    struct place field = {&place, terms_refusal_field(refusal), 0};
    struct refusal_words words = terms_refusal_words(refusal);
    return refuse(reader, &field, "terms_refused", words.zh, words.en);
}

/* The case's day, checked; the state is brought to it. */
static bool take_day(struct calc_case *work, struct day as_of) {
    struct place place = {NULL, "as_of", 0};
    bool is_new = work->state.status == CONTRACT_NEW;
    struct day first = is_new ? work->terms.start_day : work->state.day;
    work->as_of = day_is_none(as_of) ? first : as_of;
    if (day_compare(work->as_of, first) < 0)
        return refuse(&work->reader, &place, "too_early", "不得早于起息日和最后一个事件的日期",
            "must not be before the start day or the day of the latest event");
    if (days_between(work->terms.start_day, work->as_of) > CONTRACT_DAYS_MAX)
        return refuse(&work->reader, &place, "too_late", "不得晚于起息日之后 100 年",
            "must be within 100 years after the start day");
    if (!is_new)
        contract_advance(&work->terms, &work->state, work->as_of);
    return true;
}

static bool tell_life(struct calc_case *work, const struct document *document, struct json *json) {
    struct place events = {NULL, "events", 0};
    contract_new(&work->state);
    if (document->events == NULL)
        tell_activation(work, json, "events");
    else if (!tell_events(work, &events, document->events, &work->state, "events", json))
        return false;
    if (!take_day(work, document->as_of))
        return false;
    json_integer(json, "refused_events", (int64_t)work->refused_count);
    json_day(json, "as_of", work->as_of);
    return true;
}

static bool answer_all(
    struct calc_case *work, const struct json_value *questions, struct json *json) {
    struct place list = {NULL, "questions", 0};
    struct place here = {&list, NULL, 0};
    if (questions->count > CALC_QUESTIONS_MAX)
        return refuse(
            &work->reader, &list, "too_many", "一次最多 64 个问题", "at most 64 questions");
    json_open(json, "answers", '[');
    for (const struct json_value *item = questions->first; item != NULL; item = item->next) {
        if (!answer_question(work, &here, item, json))
            return false;
        here.index++;
    }
    json_close(json);
    return true;
}

static bool answer(struct calc_case *work, const struct document *document, struct json *json) {
    work->history_count = 0;
    work->told_count = 0;
    work->refused_count = 0;
    if (!id_is_valid(&work->reader, document->id) || !take_terms(work, document))
        return false;
    if (work->has_terms && !tell_life(work, document, json))
        return false;
    return answer_all(work, document->questions, json);
}

static struct calc_answer refused(struct calc *calc, int64_t number, const struct json_value *id) {
    const struct refusal *refusal = &calc->work.reader.refusal;
    struct json json = json_start(calc->arena);
    write_head(&json, number, id);
    write_refusal(&json, refusal->path, refusal->code, refusal->zh, refusal->en);
    json_close(&json);
    json_text(&json);
    return (struct calc_answer){builder_bytes(&json.builder), true};
}

struct calc_answer calc_line(struct calc *calc, struct bytes line, int64_t number) {
    arena_reset(calc->arena);
    struct reader *reader = &calc->work.reader;
    *reader = (struct reader){.arena = calc->arena};
    const struct json_value *value;
    struct fault fault = {0};
    if (json_read(calc->arena, line, &value, &fault) != STATUS_OK) {
        refuse(reader, NULL, "not_json",
            arena_printf(calc->arena, "不是一份 JSON 文档：%s", fault.text),
            arena_printf(calc->arena, "not one JSON document: %s", fault.text));
        return refused(calc, number, NULL);
    }
    struct document document = {.as_of = DAY_NONE};
    struct json json = json_start(calc->arena);
    const struct json_value *id = json_member(value, "id");
    if (!read_document(reader, value, &document))
        return refused(calc, number, id);
    write_head(&json, number, id);
    if (!answer(&calc->work, &document, &json))
        return refused(calc, number, id);
    json_close(&json);
    json_text(&json);
    return (struct calc_answer){builder_bytes(&json.builder), calc->work.refused_count > 0};
}

struct calc_answer calc_line_too_long(struct calc *calc, int64_t number) {
    arena_reset(calc->arena);
    calc->work.reader = (struct reader){.arena = calc->arena};
    refuse(&calc->work.reader, NULL, "line_too_long", "一行超过 1048576 字节",
        "the line has more than 1048576 bytes");
    return refused(calc, number, NULL);
}
