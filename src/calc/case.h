/*
 * case.h: one document while it is answered. Exports: struct calc_case, struct told_event,
 * tell_events(), answer_question() and the questions by file.
 *
 * A case is terms, what happened and a day. Every question answers from it and changes nothing.
 */
#ifndef FENQI_CALC_CASE_H
#define FENQI_CALC_CASE_H

#include "base/json_write.h"
#include "calc/calc.h"
#include "calc/read.h"
#include "engine/disclosure.h"
#include "engine/explain.h"
#include "engine/quote.h"

/* An event as given and what became of it. */
struct told_event {
    struct contract_event event;
    enum contract_refusal refusal;
    int32_t movement_count;
    const struct movement_line *movements; /* in the document's arena */
};

struct calc_case {
    struct reader reader;
    bool has_terms;
    struct terms terms;
    struct contract_event history[CALC_EVENTS_MAX]; /* accepted, by sequence */
    size_t history_count;
    struct told_event told[CALC_EVENTS_MAX];
    size_t told_count;
    size_t refused_count;
    struct contract_state state; /* as of the case's day */
    struct day as_of;
    /* What a question works with; nothing is kept in them between questions. */
    struct contract_state before;
    struct contract_state after;
    struct contract_update update;
    struct disclosure disclosure;
    struct due_quote due;
    struct settle_quote settle;
};

/* events.c: reads a list of events, lets them happen to `state` and writes what each changed. */
bool tell_events(struct calc_case *calc, const struct place *place, const struct json_value *list,
    struct contract_state *state, const char *name, struct json *json);

/* Lets the activation happen that a document without events takes for granted. */
void tell_activation(struct calc_case *calc, struct json *json, const char *name);

/* questions.c: reads one question and appends its answer. */
bool answer_question(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json);

/* The names of the questions, in the order of docs/calc.md. */
extern const char *const question_names[];
extern const int64_t question_count;

/* Each reads its parameters and appends the members of its answer. */
typedef bool answer_function(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json);
answer_function answer_terms;       /* answer_plan.c */
answer_function answer_schedule;    /* answer_plan.c */
answer_function answer_cost;        /* answer_plan.c */
answer_function answer_state;       /* answer_state.c */
answer_function answer_delinquency; /* answer_state.c */
answer_function answer_next_action; /* answer_state.c */
answer_function answer_due;         /* answer_quote.c */
answer_function answer_settle;      /* answer_quote.c */
answer_function answer_explain;     /* answer_quote.c */
answer_function answer_what_if;     /* answer_what_if.c */
answer_function answer_postings;    /* answer_postings.c */
answer_function answer_rates;       /* answer_rates.c */
answer_function answer_annuity;     /* answer_rates.c */

/* Whether `day` may be asked about: from the case's day on. Refuses with the place of `name`. */
bool day_may_be_asked(
    struct calc_case *calc, const struct place *place, const char *name, struct day day);

#endif
