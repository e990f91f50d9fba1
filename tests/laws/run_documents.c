/*
 * run_documents.c: random lives said to `fenqi calc`. Usage: run_documents LIVES.
 *
 * A life's terms and events, said in JSON, must be answered with the state that the engine reaches
 * without JSON: the same events refused, the same owed, the same terms.
 */
#include "calc/calc.h"
#include "calc/fields_json.h"
#include "codec/json_read.h"
#include "engine/encoding.h"
#include "laws.h"
#include "life_document.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS_TOLD = 24, QUESTIONS = 12 };

struct told_life {
    struct terms terms;
    struct contract_state state;
    struct contract_event said[EVENTS_TOLD]; /* all, as the document says them */
    struct contract_event history[EVENTS_TOLD];
    size_t said_count;
    size_t history_count;
    struct contract_update update;
};

void law_told(enum law law, bool holds, int line) {
    (void)law;
    (void)holds;
    (void)line;
}

static void say(struct told_life *life, const struct contract_event *event) {
    if (!event_can_be_said(event))
        return;
    life->said[life->said_count++] = *event;
    if (contract_step_with_history(&life->terms, life->history, life->history_count, &life->state,
            event, &life->update) == CONTRACT_OK)
        life->history[life->history_count++] = *event;
}

static void live(struct told_life *life, uint64_t seed) {
    struct dice dice = dice_of(seed);
    dice.wide = seed % 2 == 0;
    life->terms = random_terms(&dice);
    life->said_count = life->history_count = 0;
    contract_new(&life->state);
    struct contract_event event = {
        .kind = EVENT_ACTIVATED, .sequence = 1, .day = life->terms.start_day};
    say(life, &event);
    for (int i = 0; i < 4 * EVENTS_TOLD && life->said_count < EVENTS_TOLD; i++) {
        event = random_event(&dice, &life->terms, &life->state, life->history, life->history_count);
        say(life, &event);
    }
}

/* NULL, or what the answer says wrongly. */
static const char *wrong_in(const struct told_life *life, const struct json_value *answer) {
    const struct json_value *answers = json_member(answer, "answers");
    int64_t refused = -1;
    char left[MONEY_TEXT_SIZE];
    if (answers == NULL || answers->count != QUESTIONS)
        return "the document is not answered";
    if (!json_member_integer(answer, "refused_events", &refused) ||
        refused != (int64_t)(life->said_count - life->history_count))
        return "other events are refused";
    money_to_yuan(contract_left(&life->state), left);
    if (strcmp(json_member_text(answers->first, "left"), left) != 0)
        return "another debt";
    return NULL;
}

static bool same_terms(const struct terms *a, const struct terms *b) {
    static uint8_t one[TERMS_BYTES_MAX];
    static uint8_t two[TERMS_BYTES_MAX];
    size_t length = terms_encode(a, one, sizeof one);
    return length > 0 && terms_encode(b, two, sizeof two) == length &&
           memcmp(one, two, length) == 0;
}

/* The terms that are answered, said again, must be the same terms. */
static bool terms_come_back(
    struct arena *arena, const struct told_life *life, const struct json_value *answer) {
    const struct json_value *last = json_member(answer, "answers")->first;
    while (last->next != NULL)
        last = last->next;
    struct reader reader = {.arena = arena};
    struct terms again = terms_defaults();
    return read_terms(&reader, NULL, json_member(last, "terms"), true, &again) &&
           same_terms(&life->terms, &again);
}

int main(int count, char **arguments) {
    static struct told_life life;
    check(count == 2);
    struct calc *calc = calc_create();
    int lives = 0;
    int wrong = 0;
    for (uint64_t seed = 1; seed <= strtoull(arguments[1], NULL, 10); seed++, lives++) {
        FENQI_ARENA arena = arena_create(1 << 20);
        live(&life, seed);
        struct bytes document = write_life_document(arena, &life.terms, life.said, life.said_count);
        struct bytes answered = calc_line(calc, document, 1).text;
        const struct json_value *answer = NULL;
        struct fault fault = {0};
        const char *why = json_read(arena, answered, &answer, &fault) != STATUS_OK
                              ? "no JSON"
                              : wrong_in(&life, answer);
        if (why == NULL && !terms_come_back(arena, &life, answer))
            why = "other terms come back";
        if (why == NULL)
            continue;
        wrong++;
        printf("# life %d: %s\n# %.*s\n# %.400s\n", (int)seed, why, (int)document.length,
            (const char *)document.at, (const char *)answered.at);
    }
    calc_destroy(calc);
    printf("1..1\n%s 1 - %d lives said in JSON are lived as without\n",
        wrong == 0 ? "ok" : "not ok", lives);
    return wrong == 0 ? 0 : 1;
}
