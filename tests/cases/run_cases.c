/*
 * run_cases.c: runs text cases (*.case) against the engine and the ledger; prints TAP.
 *
 * Usage: run_cases FILE.case …. The language stands in tests/cases/README.md. After every event of
 * every case it also holds the laws that need no expectation: replay equals the state kept step by
 * step, the entry balances, clearing is even, received = paid + overpaid, explanations add up.
 */
#include "engine/delinquency.h"
#include "engine/disclosure.h"
#include "engine/encoding.h"
#include "engine/explain.h"
#include "engine/quote.h"
#include "event_words.h"
#include "ledger/trial_balance.h"
#include "term_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 64, MISTAKES_MAX = 8, NAME_BYTES = 160, MISTAKE_BYTES = 200 };

/* What the lines that begin with '>' are about. */
enum topic {
    TOPIC_NONE,
    TOPIC_SCHEDULE,
    TOPIC_COST,
    TOPIC_EVENT,
    TOPIC_OWED,
    TOPIC_SETTLE,
    TOPIC_WHY
};

struct run {
    bool open;
    char name[NAME_BYTES];
    struct terms terms;
    bool begun;
    struct contract_state state;
    struct contract_event events[EVENTS_MAX];
    size_t count;
    struct trial_balance balance;
    enum topic topic;
    enum contract_refusal refusal;
    bool refusal_told;
    struct contract_update update;
    int told_paid;
    int told_waived;
    int told_books;
    struct due_quote due;
    struct settle_quote settle;
    struct explanation why;
    int told_why;
    struct disclosure cost;
    int mistake_count;
    char mistakes[MISTAKES_MAX][MISTAKE_BYTES];
};

static int cases_run;
static int cases_failed;

__attribute__((format(printf, 3, 4))) static void mistake(
    struct run *run, const struct words *words, const char *format, ...) {
    if (run->mistake_count < MISTAKES_MAX) {
        char *at = run->mistakes[run->mistake_count];
        int used = snprintf(at, MISTAKE_BYTES, "line %d: ", words->line);
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(at + used, MISTAKE_BYTES - (size_t)used, format, arguments);
        va_end(arguments);
    }
    run->mistake_count++;
}

static void expect_money(
    struct run *run, const struct words *words, int i, struct money actual, const char *what) {
    struct money expected = word_money(words, i);
    char one[MONEY_TEXT_SIZE];
    char two[MONEY_TEXT_SIZE];
    if (money_compare(expected, actual) != 0)
        mistake(run, words, "%s: expected %s, is %s", what, money_to_yuan(expected, one),
            money_to_yuan(actual, two));
}

static void expect_text(struct run *run, const struct words *words, int i, const char *actual) {
    if (!word_is(words, i, actual))
        mistake(
            run, words, "expected %s, is %s", i < words->count ? words->at[i] : "nothing", actual);
}

static void hold(struct run *run, const struct words *words, bool law, const char *what) {
    if (!law)
        mistake(run, words, "law broken: %s", what);
}

static void hold_replay(struct run *run, const struct words *words) {
    static uint8_t kept[STATE_BYTES_MAX];
    static uint8_t told[STATE_BYTES_MAX];
    struct contract_state again;
    contract_replay(&run->terms, run->events, run->count, &again);
    size_t length = contract_state_encode(&run->state, kept, sizeof kept);
    hold(run, words,
        contract_state_encode(&again, told, sizeof told) == length &&
            memcmp(kept, told, length) == 0,
        "replay equals the state kept");
}

static void hold_books(struct run *run, const struct words *words) {
    struct entry entry;
    entry_begin(&entry, 1, (int64_t)run->count, run->state.day);
    for (int32_t i = 0; i < run->update.movement_count; i++)
        entry_post(&entry, (enum posting_rule)run->update.movements[i].movement,
            run->update.movements[i].amount);
    if (entry.line_count > 0) {
        hold(run, words, entry_balanced(&entry), "the entry balances");
        trial_balance_add(&run->balance, &entry);
    }
    const struct trial_balance *balance = &run->balance;
    hold(run, words, trial_balance_is_even(balance), "the trial balance is even");
    hold(run, words, trial_balance_net(balance, ACCOUNT_PAYMENT_CLEARING).fen == 0,
        "clearing is even");
    /* A charge-off leaves the debt and gives it up in the books. */
    if (day_is_none(run->state.charged_off_day))
        hold(run, words,
            trial_balance_net(balance, ACCOUNT_PRINCIPAL_RECEIVABLE).fen ==
                contract_principal_left(&run->state).fen,
            "principal in the books is principal owed");
}

static void hold_payments(struct run *run, const struct words *words) {
    int64_t paid = 0;
    for (int32_t i = 0; i < run->state.instalment_count; i++)
        for (int c = 0; c < COMPONENT_COUNT; c++) {
            const struct instalment *instalment = &run->state.instalments[i];
            paid += instalment->paid[c].fen;
            hold(run, words,
                instalment->paid[c].fen >= 0 && instalment->waived[c].fen >= 0 &&
                    instalment_owed(instalment, (enum component)c).fen >= 0,
                "nothing is negative");
        }
    int64_t received = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        received += run->state.received[s].fen;
    hold(run, words, received == paid + run->state.overpaid.fen, "received is paid and overpaid");
}

static void hold_explanations(struct run *run, const struct words *words) {
    struct explanation why;
    for (int32_t i = 1; i <= run->state.instalment_count; i++) {
        explain_instalment(&run->terms, &run->state, run->state.day, i, &why);
        hold(run, words, why.total.fen == instalment_left(&run->state.instalments[i - 1]).fen,
            "explanation adds up");
    }
    explain_settle(&run->terms, &run->state, run->state.day, &why);
    struct settle_quote quote;
    quote_settle(&run->terms, &run->state, run->state.day, &quote);
    hold(run, words, why.total.fen == quote.total.fen, "settlement adds up");
}

/* Whether all lines of a kind were told, once one of them was. */
static void close_topic(struct run *run, const struct words *words) {
    if (run->topic == TOPIC_EVENT) {
        if (run->refusal != CONTRACT_OK && !run->refusal_told)
            mistake(run, words, "refused: %s", contract_refusal_name(run->refusal));
        if (run->told_paid > 0 && run->told_paid != run->update.paid_count)
            mistake(run, words, "%d lines paid, %d told", run->update.paid_count, run->told_paid);
        if (run->told_waived > 0 && run->told_waived != run->update.waived_count)
            mistake(
                run, words, "%d lines waived, %d told", run->update.waived_count, run->told_waived);
        if (run->told_books > 0 && run->told_books != run->update.movement_count)
            mistake(
                run, words, "%d movements, %d told", run->update.movement_count, run->told_books);
    }
    if (run->topic == TOPIC_WHY && run->told_why != run->why.count)
        mistake(run, words, "%d lines explain, %d told", run->why.count, run->told_why);
    run->topic = TOPIC_NONE;
    run->told_paid = run->told_waived = run->told_books = run->told_why = 0;
    run->refusal_told = false;
}

static void happen(struct run *run, const struct words *words, struct contract_event event) {
    close_topic(run, words);
    run->topic = TOPIC_EVENT;
    event.sequence = run->state.last_sequence + 1;
    run->refusal = contract_step_with_history(
        &run->terms, run->events, run->count, &run->state, &event, &run->update);
    if (run->refusal != CONTRACT_OK)
        return;
    if (run->count == EVENTS_MAX)
        words_fail(words, "too many events");
    run->events[run->count++] = event;
    hold_replay(run, words);
    hold_books(run, words);
    hold_payments(run, words);
    hold_explanations(run, words);
}

static void finish_case(struct run *run, const struct words *words) {
    if (!run->open)
        return;
    close_topic(run, words);
    cases_run++;
    if (run->mistake_count > 0)
        cases_failed++;
    printf("%s %d - %s\n", run->mistake_count > 0 ? "not ok" : "ok", cases_run, run->name);
    for (int i = 0; i < run->mistake_count && i < MISTAKES_MAX; i++)
        printf("# %s\n", run->mistakes[i]);
    run->open = false;
}

static void begin_case(struct run *run, const char *line) {
    memset(run, 0, sizeof *run);
    run->open = true;
    snprintf(run->name, sizeof run->name, "%.*s", NAME_BYTES - 1, line + strlen("case "));
    run->name[strcspn(run->name, "\r\n")] = '\0';
    run->terms = terms_defaults();
    contract_new(&run->state);
}

/* The contract begins with the first line that is not a term. */
static void begin_contract(struct run *run, const struct words *words) {
    if (run->begun)
        return;
    run->begun = true;
    enum terms_refusal refusal = terms_validate(&run->terms);
    if (refusal != TERMS_OK) {
        mistake(run, words, "terms refused: %s", terms_refusal_field(refusal));
        return;
    }
    happen(
        run, words, (struct contract_event){.kind = EVENT_ACTIVATED, .day = run->terms.start_day});
}

static bool run_event(struct run *run, const struct words *words) {
    struct contract_event event;
    if (!event_of_words(words, &event))
        return false;
    happen(run, words, event);
    return true;
}

static bool run_question(struct run *run, const struct words *words) {
    close_topic(run, words);
    if (word_is(words, 0, "schedule")) {
        run->topic = TOPIC_SCHEDULE;
        schedule_build(&run->terms, &run->cost.schedule);
    } else if (word_is(words, 0, "cost")) {
        run->topic = TOPIC_COST;
        disclosure_build(&run->terms, &run->cost);
    } else if (word_is(words, 0, "owed")) {
        run->topic = TOPIC_OWED;
        quote_due(&run->terms, &run->state, word_day(words, 1), &run->due);
    } else if (word_is(words, 0, "settle")) {
        run->topic = TOPIC_SETTLE;
        quote_settle(&run->terms, &run->state, word_day(words, 1), &run->settle);
    } else if (word_is(words, 0, "why")) {
        run->topic = TOPIC_WHY;
        explain_instalment(
            &run->terms, &run->state, word_day(words, 1), word_number(words, 2), &run->why);
    } else if (word_is(words, 0, "why_settle")) {
        run->topic = TOPIC_WHY;
        explain_settle(&run->terms, &run->state, word_day(words, 1), &run->why);
    } else if (word_is(words, 0, "bureau")) {
        char code[2] = {bureau_status_code(&run->terms, &run->state, word_day(words, 1)), '\0'};
        expect_text(run, words, 2, code);
    } else if (word_is(words, 0, "bucket")) {
        expect_text(run, words, 2,
            bucket_name(bucket_of_days(days_past_due(&run->state, word_day(words, 1)))));
    } else if (word_is(words, 0, "class")) {
        expect_text(run, words, 2,
            loan_class_name(class_of_days(days_past_due(&run->state, word_day(words, 1)))));
    } else if (word_is(words, 0, "next_action")) {
        char text[DAY_TEXT_SIZE] = "never";
        struct day next = next_action_day(&run->terms, &run->state, word_day(words, 1));
        if (!day_is_none(next))
            day_to_text(next, text);
        expect_text(run, words, 2, text);
    } else {
        return false;
    }
    return true;
}

/* One line told of a list: it must be there. */
static void tell_line(struct run *run, const struct words *words,
    const struct allocation_line *lines, int32_t count) {
    int32_t number = word_number(words, 2);
    enum component component = word_component(words, 3);
    for (int32_t i = 0; i < count; i++)
        if (lines[i].instalment == number && lines[i].component == component) {
            expect_money(run, words, 4, lines[i].amount, words->at[1]);
            return;
        }
    mistake(run, words, "nothing %s there", words->at[1]);
}

static void tell_movement(struct run *run, const struct words *words) {
    for (int32_t i = 0; i < run->update.movement_count; i++)
        if (word_is(words, 2, movement_name(run->update.movements[i].movement))) {
            expect_money(run, words, 3, run->update.movements[i].amount, words->at[2]);
            return;
        }
    mistake(run, words, "no movement %s", words->at[2]);
}

static void tell_event(struct run *run, const struct words *words) {
    if (word_is(words, 1, "refused")) {
        run->refusal_told = true;
        expect_text(run, words, 2, contract_refusal_name(run->refusal));
    } else if (word_is(words, 1, "paid")) {
        run->told_paid++;
        tell_line(run, words, run->update.paid, run->update.paid_count);
    } else if (word_is(words, 1, "waived")) {
        run->told_waived++;
        tell_line(run, words, run->update.waived, run->update.waived_count);
    } else if (word_is(words, 1, "books")) {
        run->told_books++;
        tell_movement(run, words);
    } else if (word_is(words, 1, "surplus")) {
        expect_money(run, words, 2, run->update.surplus, "surplus");
    } else if (word_is(words, 1, "status")) {
        expect_text(run, words, 2, status_names[run->state.status]);
    } else {
        words_fail(words, "cannot be told of an event");
    }
}

static void tell_owed(struct run *run, const struct words *words) {
    const struct due_quote *due = &run->due;
    const struct {
        const char *name;
        struct money amount;
    } sums[] = {{"now", due->owed_now}, {"overdue", due->overdue}, {"due", due->due},
        {"left", due->left}, {"penalty", due->penalty}, {"principal", due->principal_left},
        {"paid", due->paid}, {"further_day", due->further_day}, {"next", due->next_due}};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (word_is(words, 1, sums[i].name)) {
            expect_money(run, words, 2, sums[i].amount, sums[i].name);
            return;
        }
    if (word_is(words, 1, "days")) {
        if (word_number(words, 2) != due->days_overdue)
            mistake(run, words, "%d days overdue", due->days_overdue);
        return;
    }
    int32_t number = word_number(words, 1);
    if (number < 1 || number > due->count)
        words_fail(words, "no such instalment");
    const struct instalment_quote *part = &due->instalments[number - 1];
    expect_money(run, words, 2, part->owed[COMPONENT_PRINCIPAL], "principal");
    expect_money(run, words, 3, part->owed[COMPONENT_INTEREST], "interest");
    expect_money(run, words, 4, part->owed[COMPONENT_FEE], "fee");
    expect_money(run, words, 5, part->owed[COMPONENT_PENALTY], "penalty");
    expect_text(run, words, 6, instalment_state_names[part->state]);
}

static void tell_settle(struct run *run, const struct words *words) {
    const struct settle_quote *quote = &run->settle;
    const struct {
        const char *name;
        struct money amount;
    } sums[] = {{"total", quote->total}, {"principal", quote->principal},
        {"interest", quote->interest}, {"fee", quote->fee}, {"penalty", quote->penalty},
        {"early_fee", quote->early_fee}, {"saved", quote->saved}};
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (word_is(words, 1, sums[i].name)) {
            expect_money(run, words, 2, sums[i].amount, sums[i].name);
            return;
        }
    words_fail(words, "cannot be told of a settlement");
}

static void tell_why(struct run *run, const struct words *words) {
    int at = run->told_why++;
    if (at >= run->why.count) {
        mistake(run, words, "no such line");
        return;
    }
    expect_text(run, words, 1, explain_kind_name(run->why.lines[at].kind));
    expect_money(run, words, 2, run->why.lines[at].amount, words->at[1]);
    if (words->count > 3)
        expect_money(run, words, 3, run->why.lines[at].base, "base");
    if (words->count > 4 && word_number(words, 4) != run->why.lines[at].days)
        mistake(run, words, "%d days", run->why.lines[at].days);
}

static void tell_schedule(struct run *run, const struct words *words) {
    int32_t number = word_number(words, 1);
    const struct schedule_row *row = &run->cost.schedule.rows[number - 1];
    char text[DAY_TEXT_SIZE];
    if (number < 1 || number > run->cost.schedule.count)
        words_fail(words, "no such instalment");
    expect_text(run, words, 2, day_to_text(row->due_day, text));
    expect_money(run, words, 3, row->principal, "principal");
    expect_money(run, words, 4, row->interest, "interest");
    expect_money(run, words, 5, row->fee, "fee");
}

/* Rates are compared at as many decimals of a percent as were told. */
static void tell_rate(struct run *run, const struct words *words, struct rate actual) {
    const char *point = strchr(words->at[2], '.');
    int64_t unit = RATE_UNIT / 100;
    for (size_t d = point == NULL ? 0 : strcspn(point + 1, "%"); d > 0; d--)
        unit /= 10;
    int64_t shown = divide_rounded(actual.per_billion, unit, ROUND_HALF_UP) * unit;
    if (word_rate(words, 2).per_billion != shown)
        mistake(run, words, "%s is %lld parts per billion", words->at[1],
            (long long)actual.per_billion);
}

static void tell_cost(struct run *run, const struct words *words) {
    if (word_is(words, 1, "total"))
        expect_money(run, words, 2, run->cost.total_cost, "total");
    else if (word_is(words, 1, "nominal"))
        tell_rate(run, words, run->cost.irr_nominal);
    else if (word_is(words, 1, "effective"))
        tell_rate(run, words, run->cost.irr_effective);
    else if (word_is(words, 1, "simple"))
        tell_rate(run, words, run->cost.simple);
    else
        words_fail(words, "cannot be told of a cost");
}

static void tell(struct run *run, const struct words *words) {
    switch (run->topic) {
    case TOPIC_NONE:
        /* After a mistake events are left out, and what is told of them too. */
        if (run->mistake_count == 0)
            words_fail(words, "told of nothing");
        return;
    case TOPIC_SCHEDULE:
        tell_schedule(run, words);
        return;
    case TOPIC_COST:
        tell_cost(run, words);
        return;
    case TOPIC_EVENT:
        tell_event(run, words);
        return;
    case TOPIC_OWED:
        tell_owed(run, words);
        return;
    case TOPIC_SETTLE:
        tell_settle(run, words);
        return;
    case TOPIC_WHY:
        tell_why(run, words);
        return;
    }
}

static void run_line(struct run *run, const char *line, int number) {
    struct words words;
    if (strncmp(line, "case ", strlen("case ")) == 0) {
        words_of(&words, "", number);
        finish_case(run, &words);
        begin_case(run, line);
        return;
    }
    words_of(&words, line, number);
    if (words.count == 0)
        return;
    if (!run->open)
        words_fail(&words, "outside a case");
    if (word_is(&words, 0, "terms")) {
        for (int i = 1; i < words.count;)
            i = set_term(&run->terms, &words, i);
        return;
    }
    if (word_is(&words, 0, "terms_refused")) {
        run->begun = true;
        expect_text(run, &words, 1, terms_refusal_field(terms_validate(&run->terms)));
        return;
    }
    if (run->topic != TOPIC_COST)
        begin_contract(run, &words);
    if (word_is(&words, 0, ">"))
        tell(run, &words);
    else if (run->mistake_count == 0 && !run_event(run, &words) && !run_question(run, &words))
        words_fail(&words, "no such word");
}

static void run_file(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(stderr, "%s: cannot be opened\n", path);
        exit(2);
    }
    static struct run run;
    char line[LINE_MAX_BYTES];
    int number = 0;
    printf("# %s\n", path);
    while (fgets(line, sizeof line, file) != NULL)
        run_line(&run, line, ++number);
    struct words end;
    words_of(&end, "", number);
    finish_case(&run, &end);
    fclose(file);
}

int main(int count, char **arguments) {
    for (int i = 1; i < count; i++)
        run_file(arguments[i]);
    printf("1..%d\n", cases_run);
    return cases_failed > 0 || cases_run == 0 ? 1 : 0;
}
