/* term_words.c: the table of terms. Exports what term_words.h declares. */
#include "term_words.h"

#include "field_words.h"

#include <stddef.h>
#include <string.h>

enum kind { KIND_MONEY, KIND_RATE, KIND_NUMBER, KIND_FLAG, KIND_DAY, KIND_CHOICE };

struct short_word {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *const *choices; /* KIND_CHOICE: by value */
    int choice_count;
};

static const char *const method_names[METHOD_COUNT] = {"equal_instalment", "equal_principal",
    "interest_only", "interest_free", "fee_per_period", "flat", "bullet", "balloon", "stepped",
    "custom"};
static const char *const basis_names[DAY_BASIS_COUNT] = {"by_month", "act_365", "act_360",
    "act_act_isda", "act_act_year_end", "act_act_leap_day", "30_360_us", "30_360_isda", "30e_360",
    "act_364"};
static const char *const level_names[LEVEL_PLAN_COUNT] = {"even", "by_month"};
static const char *const due_rule_names[DUE_RULE_COUNT] = {
    "anniversary", "account_day", "month_end", "roll_to_first"};
static const char *const settle_names[SETTLE_RULE_COUNT] = {
    "by_day", "current_period", "remaining_fees", "full"};
static const char *const grace_names[GRACE_KIND_COUNT] = {"reporting_only", "interest_free"};
static const char *const remainder_names[REMAINDER_COUNT] = {"last", "first"};
static const char *const quote_names[FEE_QUOTE_COUNT] = {"per_period", "total"};
static const char *const class_names[DUE_CLASS_COUNT] = {"overdue", "due", "in_advance"};

#define WORD(name, kind, member)                                                                   \
    { name, kind, offsetof(struct terms, member), NULL, 0 }
#define CHOICE(name, member, names)                                                                \
    {                                                                                              \
        name, KIND_CHOICE, offsetof(struct terms, member), names,                                  \
            (int)(sizeof(names) / sizeof(names)[0])                                                \
    }

static const struct short_word fields[] = {
    CHOICE("method", method, method_names),
    WORD("principal", KIND_MONEY, principal),
    WORD("count", KIND_NUMBER, instalment_count),
    WORD("rate", KIND_RATE, annual_rate),
    WORD("fee", KIND_RATE, period_fee_rate),
    CHOICE("fee_quote", fee_quote, quote_names),
    CHOICE("basis", day_basis, basis_names),
    CHOICE("level", level_plan, level_names),
    WORD("first_by_days", KIND_FLAG, first_period_by_days),
    WORD("start", KIND_DAY, start_day),
    WORD("first_due", KIND_DAY, first_due_day),
    CHOICE("due_rule", due_rule, due_rule_names),
    WORD("account_day", KIND_NUMBER, account_day),
    CHOICE("rounding", rounding, rounding_names),
    CHOICE("principal_rounding", principal_rounding, rounding_names),
    CHOICE("remainder", remainder, remainder_names),
    WORD("penalty", KIND_RATE, penalty.daily_rate),
    WORD("penalty_on_principal", KIND_FLAG, penalty.on_principal),
    WORD("penalty_on_interest", KIND_FLAG, penalty.on_interest),
    WORD("penalty_on_fee", KIND_FLAG, penalty.on_fee),
    WORD("grace", KIND_NUMBER, penalty.grace_days),
    CHOICE("grace_kind", penalty.grace_kind, grace_names),
    WORD("late_fee", KIND_MONEY, penalty.late_fee),
    WORD("cap", KIND_RATE, all_in_cap),
    CHOICE("settle", settle_rule, settle_names),
    WORD("extension_times", KIND_NUMBER, extension.max_times),
    WORD("extension_days", KIND_NUMBER, extension.max_days),
    WORD("extension_fee", KIND_MONEY, extension.fee),
    WORD("extension_rate", KIND_RATE, extension.daily_rate),
    WORD("window", KIND_NUMBER, due_window_days),
    WORD("notice", KIND_NUMBER, notice_days),
    WORD("retry", KIND_NUMBER, retry_days),
    WORD("vertical", KIND_FLAG, allocation.vertical),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static void set_field(
    struct terms *terms, const struct short_word *field, const struct words *words, int i) {
    void *at = (char *)terms + field->offset;
    switch (field->kind) {
    case KIND_MONEY:
        *(struct money *)at = word_money(words, i);
        return;
    case KIND_RATE:
        *(struct rate *)at = word_rate(words, i);
        return;
    case KIND_NUMBER:
        *(int32_t *)at = word_number(words, i);
        return;
    case KIND_FLAG:
        *(bool *)at = word_number(words, i) != 0;
        return;
    case KIND_DAY:
        *(struct day *)at = word_day(words, i);
        return;
    case KIND_CHOICE:
        /* Every enum of terms is as wide as an unsigned int. */
        *(unsigned *)at = (unsigned)word_of(words, i, field->choices, field->choice_count);
        return;
    }
}

static size_t field_size(enum kind kind) {
    switch (kind) {
    case KIND_MONEY:
        return sizeof(struct money);
    case KIND_RATE:
        return sizeof(struct rate);
    case KIND_NUMBER:
        return sizeof(int32_t);
    case KIND_FLAG:
        return sizeof(bool);
    case KIND_DAY:
        return sizeof(struct day);
    case KIND_CHOICE:
        return sizeof(unsigned);
    }
    return 0;
}

static void print_field(FILE *out, const struct short_word *field, const void *at) {
    char text[MONEY_TEXT_SIZE]; /* a day is shorter */
    fprintf(out, " %s ", field->name);
    switch (field->kind) {
    case KIND_MONEY:
        fputs(money_to_yuan(*(const struct money *)at, text), out);
        return;
    case KIND_RATE:
        print_rate(out, *(const struct rate *)at);
        return;
    case KIND_NUMBER:
        fprintf(out, "%d", *(const int32_t *)at);
        return;
    case KIND_FLAG:
        fputs(*(const bool *)at ? "1" : "0", out);
        return;
    case KIND_DAY:
        fputs(day_to_text(*(const struct day *)at, text), out);
        return;
    case KIND_CHOICE:
        fputs(field->choices[*(const unsigned *)at], out);
        return;
    }
}

/* "allocation penalty interest fee principal": the same order in every class. */
static int set_allocation(struct terms *terms, const struct words *words, int i) {
    for (int step = 0; step < ALLOCATION_STEPS; step++)
        terms->allocation.steps[step].component = word_component(words, i + step % COMPONENT_COUNT);
    return i + COMPONENT_COUNT;
}

/* "classes in_advance due overdue" */
static int set_classes(struct terms *terms, const struct words *words, int i) {
    for (int step = 0; step < ALLOCATION_STEPS; step++)
        terms->allocation.steps[step].due_class = (enum due_class)word_of(
            words, i + step / COMPONENT_COUNT, class_names, DUE_CLASS_COUNT);
    return i + DUE_CLASS_COUNT;
}

/* "allocation_of due fee penalty interest principal": the order within one class. */
static int set_class_order(struct terms *terms, const struct words *words, int i) {
    enum due_class class = (enum due_class)word_of(words, i, class_names, DUE_CLASS_COUNT);
    int place = 1;
    for (int step = 0; step < ALLOCATION_STEPS; step++)
        if (terms->allocation.steps[step].due_class == class)
            terms->allocation.steps[step].component = word_component(words, i + place++);
    return i + 1 + COMPONENT_COUNT;
}

int set_term(struct terms *terms, const struct words *words, int i) {
    if (word_is(words, i, "allocation"))
        return set_allocation(terms, words, i + 1);
    if (word_is(words, i, "classes"))
        return set_classes(terms, words, i + 1);
    if (word_is(words, i, "allocation_of"))
        return set_class_order(terms, words, i + 1);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (word_is(words, i, fields[f].name)) {
            set_field(terms, &fields[f], words, i + 1);
            if (word_is(words, i, "account_day"))
                terms->due_rule = DUE_RULE_ACCOUNT_DAY;
            return i + 2;
        }
    int next = set_any_term(terms, words, i);
    if (next == 0)
        words_fail(words, "no such term");
    return next;
}

/* Whether the table above has a word for what stands there. */
static bool is_told(size_t offset) {
    for (int f = 0; f < FIELD_COUNT; f++)
        if (fields[f].offset == offset)
            return true;
    return false;
}

static void print_allocation(FILE *out, const struct allocation_order *order) {
    fputs(" classes", out);
    for (int step = 0; step < ALLOCATION_STEPS; step += COMPONENT_COUNT)
        fprintf(out, " %s", class_names[order->steps[step].due_class]);
    for (int step = 0; step < ALLOCATION_STEPS; step++) {
        if (step % COMPONENT_COUNT == 0)
            fprintf(out, " allocation_of %s", class_names[order->steps[step].due_class]);
        fprintf(out, " %s", component_names[order->steps[step].component]);
    }
}

void print_terms(FILE *out, const struct terms *terms) {
    const struct terms usual = terms_defaults();
    for (int f = 0; f < FIELD_COUNT; f++) {
        const void *at = (const char *)terms + fields[f].offset;
        const void *usually = (const char *)&usual + fields[f].offset;
        if (f == 0 || memcmp(at, usually, field_size(fields[f].kind)) != 0)
            print_field(out, &fields[f], at);
    }
    if (memcmp(terms->allocation.steps, usual.allocation.steps, sizeof usual.allocation.steps) != 0)
        print_allocation(out, &terms->allocation);
    print_other_terms(out, terms, is_told);
}
