/* words.c: reads the lines of cases and lives. Exports what words.h declares. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const component_names[COMPONENT_COUNT] = {"penalty", "fee", "interest", "principal"};
const char *const status_names[CONTRACT_STATUS_COUNT] = {"new", "active", "settled", "refunded"};
const char *const instalment_state_names[INSTALMENT_STATE_COUNT] = {
    "upcoming", "due", "overdue", "settled", "refunded"};

static const char *const target_names[TARGET_COUNT] = {
    "overdue", "due", "instalment", "order", "in_advance", "settle"};
static const char *const method_names[METHOD_COUNT] = {
    "equal_instalment", "equal_principal", "interest_only", "interest_free", "fee_per_period"};
static const char *const basis_names[DAY_BASIS_COUNT] = {"by_month", "act_365", "act_360"};
static const char *const level_names[LEVEL_PLAN_COUNT] = {"even", "by_month"};
static const char *const rounding_names[ROUNDING_COUNT] = {
    "half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"};
static const char *const settle_names[SETTLE_RULE_COUNT] = {
    "by_day", "current_period", "remaining_fees", "full"};
static const char *const grace_names[GRACE_KIND_COUNT] = {"reporting_only", "interest_free"};
static const char *const remainder_names[REMAINDER_COUNT] = {"last", "first"};
static const char *const quote_names[FEE_QUOTE_COUNT] = {"per_period", "total"};

void words_of(struct words *words, const char *line, int number) {
    words->line = number;
    words->count = 0;
    snprintf(words->text, sizeof words->text, "%s", line);
    words->text[strcspn(words->text, "#\r\n")] = '\0';
    char *rest = NULL;
    for (char *at = strtok_r(words->text, " \t", &rest); at != NULL;
         at = strtok_r(NULL, " \t", &rest)) {
        if (words->count == WORDS_MAX)
            words_fail(words, "too many words");
        words->at[words->count++] = at;
    }
}

_Noreturn void words_fail(const struct words *words, const char *what) {
    fprintf(stderr, "line %d: %s\n", words->line, what);
    exit(2);
}

static const char *word(const struct words *words, int i) {
    if (i >= words->count)
        words_fail(words, "a word is missing");
    return words->at[i];
}

bool word_is(const struct words *words, int i, const char *text) {
    return i < words->count && strcmp(words->at[i], text) == 0;
}

struct money word_money(const struct words *words, int i) {
    struct money amount;
    const char *text = word(words, i);
    if (!money_from_yuan(text, strlen(text), &amount))
        words_fail(words, "not an amount in yuan");
    return amount;
}

struct day word_day(const struct words *words, int i) {
    struct day day;
    const char *text = word(words, i);
    if (!day_from_text(text, strlen(text), &day))
        words_fail(words, "not a day");
    return day;
}

int32_t word_number(const struct words *words, int i) {
    char *end;
    const char *text = word(words, i);
    long number = strtol(text, &end, 10);
    if (*end != '\0' || end == text || number < INT32_MIN || number > INT32_MAX)
        words_fail(words, "not a number");
    return (int32_t)number;
}

struct rate word_rate(const struct words *words, int i) {
    const int places = 7; /* of a percent in parts per billion */
    const char *text = word(words, i);
    int64_t rate = 0;
    int decimals = -1;
    for (; *text != '%'; text++) {
        if (*text == '.' && decimals < 0)
            decimals = 0;
        else if (*text >= '0' && *text <= '9' && decimals < places) {
            rate = rate * 10 + (*text - '0');
            decimals += decimals >= 0;
        } else
            words_fail(words, "not a rate in percent");
    }
    for (int d = decimals < 0 ? 0 : decimals; d < places; d++)
        rate *= 10;
    return (struct rate){rate};
}

static int word_of(const struct words *words, int i, const char *const *names, int count) {
    const char *text = word(words, i);
    for (int n = 0; n < count; n++)
        if (strcmp(text, names[n]) == 0)
            return n;
    words_fail(words, text);
}

enum component word_component(const struct words *words, int i) {
    return (enum component)word_of(words, i, component_names, COMPONENT_COUNT);
}

enum payment_target word_target(const struct words *words, int i) {
    return (enum payment_target)word_of(words, i, target_names, TARGET_COUNT);
}

enum rounding word_rounding(const struct words *words, int i) {
    return (enum rounding)word_of(words, i, rounding_names, ROUNDING_COUNT);
}

/* "allocation penalty interest fee principal": the same order in every class. */
static void set_allocation(struct terms *terms, const struct words *words, int i) {
    for (int step = 0; step < ALLOCATION_STEPS; step++)
        terms->allocation.steps[step].component = word_component(words, i + step % COMPONENT_COUNT);
}

/* "classes in_advance due overdue" */
static void set_classes(struct terms *terms, const struct words *words, int i) {
    static const char *const names[DUE_CLASS_COUNT] = {"overdue", "due", "in_advance"};
    for (int step = 0; step < ALLOCATION_STEPS; step++)
        terms->allocation.steps[step].due_class =
            (enum due_class)word_of(words, i + step / COMPONENT_COUNT, names, DUE_CLASS_COUNT);
}

static bool set_plan_term(struct terms *terms, const struct words *words, int i) {
    const char *name = words->at[i];
    int v = i + 1;
    if (strcmp(name, "method") == 0)
        terms->method = (enum method)word_of(words, v, method_names, METHOD_COUNT);
    else if (strcmp(name, "principal") == 0)
        terms->principal = word_money(words, v);
    else if (strcmp(name, "count") == 0)
        terms->instalment_count = word_number(words, v);
    else if (strcmp(name, "rate") == 0)
        terms->annual_rate = word_rate(words, v);
    else if (strcmp(name, "fee") == 0)
        terms->period_fee_rate = word_rate(words, v);
    else if (strcmp(name, "fee_quote") == 0)
        terms->fee_quote = (enum fee_quote)word_of(words, v, quote_names, FEE_QUOTE_COUNT);
    else if (strcmp(name, "basis") == 0)
        terms->day_basis = (enum day_basis)word_of(words, v, basis_names, DAY_BASIS_COUNT);
    else if (strcmp(name, "level") == 0)
        terms->level_plan = (enum level_plan)word_of(words, v, level_names, LEVEL_PLAN_COUNT);
    else if (strcmp(name, "first_by_days") == 0)
        terms->first_period_by_days = word_number(words, v) != 0;
    else if (strcmp(name, "start") == 0)
        terms->start_day = word_day(words, v);
    else if (strcmp(name, "first_due") == 0)
        terms->first_due_day = word_day(words, v);
    else if (strcmp(name, "account_day") == 0) {
        terms->due_rule = DUE_RULE_ACCOUNT_DAY;
        terms->account_day = word_number(words, v);
    } else if (strcmp(name, "rounding") == 0)
        terms->rounding = word_rounding(words, v);
    else if (strcmp(name, "principal_rounding") == 0)
        terms->principal_rounding = word_rounding(words, v);
    else if (strcmp(name, "remainder") == 0)
        terms->remainder =
            (enum remainder_place)word_of(words, v, remainder_names, REMAINDER_COUNT);
    else
        return false;
    return true;
}

static bool set_contingent_term(struct terms *terms, const struct words *words, int i) {
    const char *name = words->at[i];
    int v = i + 1;
    if (strcmp(name, "penalty") == 0)
        terms->penalty.daily_rate = word_rate(words, v);
    else if (strcmp(name, "penalty_on_principal") == 0)
        terms->penalty.on_principal = word_number(words, v) != 0;
    else if (strcmp(name, "penalty_on_interest") == 0)
        terms->penalty.on_interest = word_number(words, v) != 0;
    else if (strcmp(name, "penalty_on_fee") == 0)
        terms->penalty.on_fee = word_number(words, v) != 0;
    else if (strcmp(name, "grace") == 0)
        terms->penalty.grace_days = word_number(words, v);
    else if (strcmp(name, "grace_kind") == 0)
        terms->penalty.grace_kind =
            (enum grace_kind)word_of(words, v, grace_names, GRACE_KIND_COUNT);
    else if (strcmp(name, "late_fee") == 0)
        terms->penalty.late_fee = word_money(words, v);
    else if (strcmp(name, "cap") == 0)
        terms->all_in_cap = word_rate(words, v);
    else if (strcmp(name, "settle") == 0)
        terms->settle_rule = (enum settle_rule)word_of(words, v, settle_names, SETTLE_RULE_COUNT);
    else if (strcmp(name, "extension_times") == 0)
        terms->extension.max_times = word_number(words, v);
    else if (strcmp(name, "extension_days") == 0)
        terms->extension.max_days = word_number(words, v);
    else if (strcmp(name, "extension_fee") == 0)
        terms->extension.fee = word_money(words, v);
    else if (strcmp(name, "extension_rate") == 0)
        terms->extension.daily_rate = word_rate(words, v);
    else if (strcmp(name, "window") == 0)
        terms->due_window_days = word_number(words, v);
    else if (strcmp(name, "vertical") == 0)
        terms->allocation.vertical = word_number(words, v) != 0;
    else
        return false;
    return true;
}

int set_term(struct terms *terms, const struct words *words, int i) {
    if (word_is(words, i, "allocation")) {
        set_allocation(terms, words, i + 1);
        return i + 1 + COMPONENT_COUNT;
    }
    if (word_is(words, i, "classes")) {
        set_classes(terms, words, i + 1);
        return i + 1 + DUE_CLASS_COUNT;
    }
    if (!set_plan_term(terms, words, i) && !set_contingent_term(terms, words, i))
        words_fail(words, "no such term");
    return i + 2;
}
