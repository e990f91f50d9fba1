/*
 * engine_driver.c: the engine at the end of a pipe, for the model's comparison.
 *
 * Reads lines: "terms NAME VALUE …" begins a life and activates it; "pay", "reverse", "waive",
 * "extend", "refund", "day" as in the text cases; "ask DAY". Answers one line for each: the plan
 * and the rates, the state after an event, or the figures asked for. Refusals answer "refused
 * NAME".
 */
#include "../cases/event_words.h"
#include "../cases/term_words.h"
#include "engine/delinquency.h"
#include "engine/disclosure.h"
#include "engine/quote.h"

#include <stdio.h>
#include <string.h>

enum { EVENTS_MAX = 64 };

struct driven {
    struct terms terms;
    struct contract_state state;
    struct contract_event events[EVENTS_MAX];
    size_t count;
};

static const char *const kind_names[INSTALMENT_KIND_COUNT] = {
    "regular", "down_payment", "up_front", "prepayment", "replaced", "added"};

static void print_day(struct day day) {
    char text[DAY_TEXT_SIZE];
    printf(" %s", day_is_none(day) ? "-" : day_to_text(day, text));
}

static void print_state(const struct contract_state *state) {
    printf("state %s %lld %lld %lld", status_names[state->status], (long long)state->overpaid.fen,
        (long long)state->refund_to_customer.fen, (long long)state->rebated.fen);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *part = &state->instalments[i];
        printf(" |");
        print_day(part->due_day);
        print_day(part->settled_day);
        printf(" %s", instalment_state_names[part->state]);
        for (int c = 0; c < COMPONENT_COUNT; c++)
            printf(" %lld/%lld/%lld", (long long)part->charged[c].fen, (long long)part->paid[c].fen,
                (long long)part->waived[c].fen);
    }
    printf("\n");
}

static void happen(struct driven *driven, struct contract_event event) {
    struct contract_update update;
    event.sequence = driven->state.last_sequence + 1;
    enum contract_refusal refusal = contract_step_with_history(
        &driven->terms, driven->events, driven->count, &driven->state, &event, &update);
    if (refusal != CONTRACT_OK) {
        printf("refused %s\n", contract_refusal_name(refusal));
        return;
    }
    driven->events[driven->count++] = event;
    print_state(&driven->state);
}

static void begin(struct driven *driven, const struct words *words) {
    memset(driven, 0, sizeof *driven);
    driven->terms = terms_defaults();
    contract_new(&driven->state);
    for (int i = 1; i < words->count;)
        i = set_term(&driven->terms, words, i);
    enum terms_refusal refusal = terms_validate(&driven->terms);
    if (refusal != TERMS_OK) {
        printf("refused %s\n", terms_refusal_field(refusal));
        return;
    }
    struct contract_update update;
    struct contract_event event = {
        .kind = EVENT_ACTIVATED, .sequence = 1, .day = driven->terms.start_day};
    contract_step(&driven->terms, &driven->state, &event, &update);
    driven->events[driven->count++] = event;
    struct disclosure cost;
    disclosure_build(&driven->terms, &cost);
    printf("plan %lld %lld %lld", (long long)cost.irr_nominal.per_billion,
        (long long)cost.irr_effective.per_billion, (long long)cost.simple.per_billion);
    for (int32_t i = 0; i < cost.schedule.count; i++) {
        const struct schedule_row *row = &cost.schedule.rows[i];
        printf(" | %s", kind_names[row->kind]);
        print_day(row->period.start);
        print_day(row->period.end);
        print_day(row->due_day);
        printf(" %lld %lld %lld %lld", (long long)row->principal.fen, (long long)row->interest.fen,
            (long long)row->subsidy.fen, (long long)row->fee.fen);
    }
    printf("\n");
}

static void ask(const struct driven *driven, struct day day) {
    static struct due_quote due;
    static struct settle_quote settle;
    quote_due(&driven->terms, &driven->state, day, &due);
    quote_settle(&driven->terms, &driven->state, day, &settle);
    printf("answer %lld %lld %lld %lld %d %lld", (long long)due.owed_now.fen,
        (long long)due.overdue.fen, (long long)due.left.fen, (long long)due.penalty.fen,
        due.days_overdue, (long long)due.further_day.fen);
    printf(" %lld %lld %lld %lld %lld", (long long)settle.total.fen,
        (long long)settle.principal.fen, (long long)settle.interest.fen, (long long)settle.fee.fen,
        (long long)settle.penalty.fen);
    printf(" %s %c\n", bucket_name(bucket_of_days(due.days_overdue)),
        bureau_status_code(&driven->terms, &driven->state, day));
}

static struct contract_event event_of(const struct words *words) {
    struct contract_event event;
    if (!event_of_words(words, &event))
        words_fail(words, "no such event");
    return event;
}

int main(void) {
    static struct driven driven;
    char line[LINE_MAX_BYTES];
    int number = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct words words;
        words_of(&words, line, ++number);
        if (words.count == 0)
            continue;
        if (word_is(&words, 0, "terms"))
            begin(&driven, &words);
        else if (word_is(&words, 0, "ask"))
            ask(&driven, word_day(&words, 1));
        else
            happen(&driven, event_of(&words));
    }
    return 0;
}
