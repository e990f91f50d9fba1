/* fineract_loan.c: the conventions of a published loan as our terms. */
#include "fineract_loan.h"

#include "fineract_words.h"

#include "base/check.h"

#include <string.h>

static void miss(struct fineract_loan *loan, const char *why) {
    if (!loan->missing)
        loan->missing = why;
}

/* "loan SUBMITTED PRINCIPAL RATE UNIT" begins a loan. */
static void begin_loan(struct fineract_loan *loan, const struct vector_line *line) {
    *loan = (struct fineract_loan){.terms = terms_defaults(), .stated = true};
    struct terms *terms = &loan->terms;
    if (!read_day_or_none(line, 0, &terms->start_day) || !read_money(line, 1, &terms->principal) ||
        !read_rate(line, 2, &terms->annual_rate))
        miss(loan, "a loan whose day, principal or rate is not stated");
    if (terms->annual_rate.per_billion > 0 && !word_is(line, 3, "year"))
        miss(loan, "a rate that is not of a year");
    terms->rounding = ROUND_HALF_EVEN;
    terms->principal_rounding = ROUND_HALF_EVEN;
    terms->due_window_days = 0;
    terms->recognition = RECOGNISED_DAILY;
    terms->drawdown_limit = money_fen(PRINCIPAL_MAX_FEN);
}

static void read_term(struct fineract_loan *loan, const struct vector_line *line) {
    static const struct {
        const char *word;
        enum period_unit unit;
    } units[] = {{"months", PERIOD_MONTH}, {"days", PERIOD_DAY}, {"weeks", PERIOD_WEEK},
        {"years", PERIOD_YEAR}};
    if (!read_count(line, 0, &loan->terms.instalment_count) ||
        !read_count(line, 1, &loan->terms.period_length))
        miss(loan, "a term that is not stated");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (word_is(line, 2, units[i].word))
            loan->terms.period_unit = units[i].unit;
}

static void read_day_count(struct fineract_loan *loan, const struct vector_line *line) {
    static const struct {
        const char *word;
        enum day_basis basis;
    } counts[] = {{"360/30", DAY_BASIS_BY_MONTH}, {"360/actual", DAY_BASIS_ACT_360},
        {"365/actual", DAY_BASIS_ACT_365}, {"364/actual", DAY_BASIS_ACT_364},
        {"actual/actual", DAY_BASIS_ACT_ACT_YEAR_END}};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (word_is(line, 0, counts[i].word)) {
            loan->terms.day_basis = counts[i].basis;
            return;
        }
    }
    miss(loan, "months of thirty days in years of another length");
}

static bool read_component(char letter, enum component *out) {
    static const char letters[] = "NFIP"; /* in the order of enum component */
    const char *at = strchr(letters, letter);
    if (!at || !letter)
        return false;
    *out = (enum component)(at - letters);
    return true;
}

static bool read_class(const char *text, enum due_class *out, const char **components) {
    static const char *const names[] = {"overdue:", "due:", "advance:"};
    for (int32_t i = 0; i < DUE_CLASS_COUNT; i++) {
        if (strncmp(text, names[i], strlen(names[i])) == 0) {
            *out = (enum due_class)i;
            *components = text + strlen(names[i]);
            return true;
        }
    }
    return false;
}

static bool read_advance(const struct vector_line *line, int32_t n, enum advance_rule *out) {
    static const char *const names[] = {"next", "last", "evenly"};
    for (int32_t i = 0; i < ADVANCE_RULE_COUNT; i++) {
        if (word_is(line, n, names[i])) {
            *out = (enum advance_rule)i;
            return true;
        }
    }
    return false;
}

static bool read_order(const struct vector_line *line, struct allocation_order *order) {
    int32_t steps = 0;
    char text[32];
    for (int32_t n = 2; vector_word(line, n, text, sizeof text); n++) {
        enum due_class class;
        const char *components;
        if (!read_class(text, &class, &components))
            return false;
        for (; *components; components++) {
            if (steps == ALLOCATION_STEPS ||
                !read_component(*components, &order->steps[steps].component))
                return false;
            order->steps[steps++].due_class = class;
        }
    }
    return steps == ALLOCATION_STEPS && read_advance(line, 1, &order->advance);
}

/* Which of our sources stands for a kind of transaction. */
static bool source_of(const struct vector_line *line, enum payment_source *out) {
    static const struct {
        const char *word;
        enum payment_source source;
    } sources[] = {{"default", SOURCE_CHANNEL}, {"repayment", SOURCE_CHANNEL},
        {"goodwill_credit", SOURCE_GOODWILL}, {"merchant_issued_refund", SOURCE_SHOP},
        {"payout_refund", SOURCE_CREDIT_BALANCE}, {"interest_refund", SOURCE_INTEREST_REFUND},
        {"down_payment", SOURCE_DOWN_PAYMENT}};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (word_is(line, 0, sources[i].word)) {
            *out = sources[i].source;
            return true;
        }
    }
    return false;
}

static struct allocation_order *order_of(struct fineract_loan *loan, enum payment_source source) {
    struct terms *terms = &loan->terms;
    if (source == SOURCE_CHANNEL)
        return &terms->allocation;
    for (int32_t i = 0; i < terms->override_count; i++)
        if (terms->overrides[i].source == source)
            return &terms->overrides[i].order;
    if (terms->override_count == ALLOCATION_OVERRIDES_MAX)
        return NULL;
    struct allocation_override *added = &terms->overrides[terms->override_count++];
    *added = (struct allocation_override){source, terms->allocation};
    return &added->order;
}

static bool same_order(const struct allocation_order *a, const struct allocation_order *b) {
    for (int32_t i = 0; i < ALLOCATION_STEPS; i++)
        if (a->steps[i].due_class != b->steps[i].due_class ||
            a->steps[i].component != b->steps[i].component)
            return false;
    return a->advance == b->advance;
}

/* "allocation KIND RULE CLASS:COMPONENTS…"; the default order stands first. */
static void read_allocation(struct fineract_loan *loan, const struct vector_line *line) {
    enum payment_source source;
    struct allocation_order order = {.vertical = loan->terms.allocation.vertical};
    if (!source_of(line, &source))
        return; /* of transactions that are not expressible anyway */
    if (!read_order(line, &order)) {
        miss(loan, "an order of paying in advance: next, then from the last");
        return;
    }
    if (source != SOURCE_CHANNEL && same_order(&order, &loan->terms.allocation))
        return;
    struct allocation_order *room = order_of(loan, source);
    if (room)
        *room = order;
    else
        miss(loan, "more orders of payment than terms can hold");
}

void fineract_loan_advance_rule(struct fineract_loan *loan, const struct vector_line *line) {
    enum payment_source source;
    enum advance_rule rule;
    if (!source_of(line, &source))
        return;
    if (!read_advance(line, 1, &rule)) {
        miss(loan, "an order of paying in advance: next, then from the last");
        return;
    }
    struct allocation_order *order = order_of(loan, source);
    if (order)
        order->advance = rule;
}

/* "recalculation REST UNTIL STRATEGY [compound_…]". */
static void read_recalculation(struct fineract_loan *loan, const struct vector_line *line) {
    loan->recalculates = true;
    loan->terms.interest_on = INTEREST_ON_OUTSTANDING;
    loan->terms.overdue_bears_interest = true;
    char word[64];
    if (vector_word(line, 3, word, sizeof word))
        loan->compounds = true;
    if (!word_is(line, 0, "daily"))
        loan->later_missing = "interest on what is overdue for whole periods";
    else if (!word_is(line, 1, "until_day"))
        loan->later_missing = "pay-off with interest to the end of the period";
}

static void read_credit_order(struct fineract_loan *loan, const struct vector_line *line) {
    loan->credits_in_order = true;
    for (int32_t i = 0; i < COMPONENT_COUNT; i++)
        if (!read_component(line->rest[i], &loan->terms.credit_order[i]))
            miss(loan, "an order of charge-backs that names not every component");
}

static void read_down_payment(struct fineract_loan *loan, const struct vector_line *line) {
    if (!read_rate(line, 0, &loan->terms.down_payment))
        miss(loan, "a down payment that is not stated");
    loan->auto_down_payment = word_is(line, 1, "auto");
}

static void read_charge_off_rule(struct fineract_loan *loan, const struct vector_line *line) {
    loan->terms.charge_off_rule =
        word_is(line, 0, "zero_interest") ? CHARGE_OFF_ZERO_INTEREST : CHARGE_OFF_ACCELERATE;
}

static void read_interest(struct fineract_loan *loan, const struct vector_line *line) {
    loan->flat = word_is(line, 0, "flat");
    loan->by_period = word_is(line, 1, "same_as_repayment_period");
}

static void read_plan(struct fineract_loan *loan, const struct vector_line *line) {
    loan->progressive = word_is(line, 0, "progressive");
}

static void read_grace(struct fineract_loan *loan, const struct vector_line *line) {
    if (!read_count(line, 0, &loan->terms.principal_grace_count) || !word_is(line, 1, "0"))
        miss(loan, "interest whose payment is put off");
}

static void read_month_end(struct fineract_loan *loan, const struct vector_line *line) {
    if (word_is(line, 0, "roll_to_first"))
        loan->terms.due_rule = DUE_RULE_ROLL_TO_FIRST;
}

static void read_multiple(struct fineract_loan *loan, const struct vector_line *line) {
    int32_t units = 0;
    if (!read_count(line, 0, &units))
        miss(loan, "a multiple that is not whole");
    loan->terms.multiple = money_fen(100 * (int64_t)units);
}

static void read_flag(struct fineract_loan *loan, const struct vector_line *line) {
    if (line_is(line, "vertical"))
        loan->terms.allocation.vertical = true;
    else if (line_is(line, "overdue_interest"))
        loan->terms.overdue_bears_interest = false;
    else if (line_is(line, "accrual_activity"))
        loan->accrual_activity = true;
    else if (line_is(line, "interest_refund")) {
        loan->refunds_interest = word_is(line, 0, "merchant_issued_refund") ||
                                 word_is(line, 1, "merchant_issued_refund");
        loan->pays_interest_out =
            word_is(line, 0, "payout_refund") || word_is(line, 1, "payout_refund");
    } else if (line_is(line, "interest_from"))
        loan->from_drawdown = true;
    else if (line_is(line, "leap_rule"))
        loan->leap_day_only = true;
    else if (line_is(line, "currency_multiple"))
        loan->whole_units = true;
    else if (line_is(line, "due_days_from"))
        loan->from_application = true;
    else if (line_is(line, "charges"))
        loan->charges_fall_due = true;
    else if (line_is(line, "amortisation"))
        loan->equal_principal = true;
}

static void read_missing(struct fineract_loan *loan, const struct vector_line *line) {
    if (line_is(line, "fixed_length"))
        miss(loan, "a loan of a fixed length in days");
    else if (line_is(line, "tranche"))
        miss(loan, "drawdowns planned beforehand");
    else if (line_is(line, "loan_charge") || line_is(line, "product_charge"))
        miss(loan, "charges by percentages of the loan");
    else if (line_is(line, "accounting"))
        miss(loan, "books without accrual");
}

static void ignore(struct fineract_loan *loan, const struct vector_line *line) {
    (void)loan;
    (void)line;
}

struct convention {
    const char *word;
    void (*read)(struct fineract_loan *loan, const struct vector_line *line);
};

static const struct convention conventions[] = {
    {"term", read_term},
    {"interest", read_interest},
    {"amortisation", read_flag},
    {"grace", read_grace},
    {"rounding", ignore}, /* half to even, set at the start */
    {"plan", read_plan},
    {"day_count", read_day_count},
    {"leap_rule", read_flag},
    {"month_end", read_month_end},
    {"multiple", read_multiple},
    {"currency_multiple", read_flag},
    {"fixed_length", read_missing},
    {"recalculation", read_recalculation},
    {"overdue_interest", read_flag},
    {"down_payment", read_down_payment},
    {"vertical", read_flag},
    {"charges", read_flag},
    {"due_days_from", read_flag},
    {"drawdowns", ignore}, /* the limit is open anyway */
    {"partial_period", ignore},
    {"credit_order", read_credit_order},
    {"charge_off_rule", read_charge_off_rule},
    {"accrual_activity", read_flag},
    {"interest_refund", read_flag},
    {"interest_from", read_flag},
    {"capitalised_income", ignore}, /* matters when income is capitalised, an operation */
    {"accounting", read_missing},
    {"product_charge", read_missing},
    {"loan_charge", read_missing},
    {"tranche", read_missing},
    {"allocation", read_allocation},
};

bool fineract_loan_line(struct fineract_loan *loan, const struct vector_line *line) {
    if (line_is(line, "loan")) {
        begin_loan(loan, line);
        return true;
    }
    for (size_t i = 0; i < sizeof conventions / sizeof conventions[0]; i++) {
        if (line_is(line, conventions[i].word)) {
            conventions[i].read(loan, line);
            return true;
        }
    }
    return false;
}

/* The method and the day basis, which depend on several lines together. */
static void settle_method(struct fineract_loan *loan) {
    struct terms *terms = &loan->terms;
    const bool interest = terms->annual_rate.per_billion > 0;
    if (!interest)
        terms->method = METHOD_INTEREST_FREE;
    else if (loan->equal_principal)
        terms->method = METHOD_EQUAL_PRINCIPAL;
    else if (loan->flat && !loan->progressive)
        terms->method = METHOD_FLAT;
    else
        terms->method = METHOD_EQUAL_INSTALMENT;
    if (terms->method == METHOD_EQUAL_PRINCIPAL)
        terms->multiple = MONEY_ZERO; /* it is of level instalments there */
    terms->level_adjustments = loan->progressive && interest ? 3 : 0;
    if (loan->by_period && interest && !loan->progressive) {
        if (terms->period_unit != PERIOD_MONTH && terms->period_unit != PERIOD_DAY)
            miss(loan, "interest by whole periods that are neither months nor days");
        terms->day_basis =
            terms->period_unit == PERIOD_MONTH ? DAY_BASIS_BY_MONTH : DAY_BASIS_ACT_365;
    }
    if (terms->day_basis == DAY_BASIS_ACT_ACT_YEAR_END && loan->leap_day_only)
        terms->day_basis = DAY_BASIS_ACT_ACT_LEAP_DAY;
    else if (terms->day_basis == DAY_BASIS_ACT_ACT_YEAR_END && loan->from_drawdown)
        terms->day_basis = DAY_BASIS_ACT_ACT_ISDA;
    if (!interest || terms->method == METHOD_FLAT) {
        terms->interest_on = INTEREST_ON_PLAN;
        terms->overdue_bears_interest = false;
        loan->later_missing = NULL;
    }
    if (loan->compounds && interest)
        miss(loan, "interest on interest that was not paid");
    if (loan->whole_units && interest)
        loan->later_missing = "a currency without cents";
    if (!loan->progressive && loan->recalculates && interest)
        loan->later_missing = "recalculation under the older way to plan";
}

bool fineract_loan_terms(struct fineract_loan *loan, struct day day, struct money amount) {
    check(loan->stated);
    if (loan->from_application && day_compare(loan->terms.start_day, day) != 0)
        miss(loan, "due days counted from the application");
    loan->terms.start_day = day;
    loan->terms.principal = amount;
    settle_method(loan);
    if (!loan->missing && terms_validate(&loan->terms) != TERMS_OK)
        loan->missing = "terms that the engine refuses";
    return !loan->missing;
}
