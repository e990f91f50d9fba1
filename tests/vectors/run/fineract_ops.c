/*
 * fineract_ops.c: operations on a published loan as events of our contract. Exports life_do().
 *
 * A row of the table is an operation that the engine has an event for, or the reason why not. What
 * cannot be expressed ends the life: nothing that the tables show afterwards can be compared.
 */
#include "fineract_life.h"
#include "fineract_limits.h"
#include "fineract_words.h"

#include "base/check.h"
#include "engine/quote.h"
#include "engine/schedule.h"

#include <string.h>

/* Whether a summary of accruals stands on that day or later. */
static bool is_summarised(const struct life *life, struct day day) {
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].kind == TRANSACTION_ACCRUAL_ACTIVITY &&
            day_compare(life->transactions[i].day, day) >= 0)
            return true;
    return false;
}

/* Whether accruals are booked of a later day than an event's. */
static bool is_booked_after(const struct life *life, struct day day) {
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].kind == TRANSACTION_ACCRUAL &&
            day_compare(life->transactions[i].day, day) > 0)
            return true;
    return false;
}

static void add_event_of(
    struct life *life, enum transaction_kind kind, struct contract_event event, int32_t of) {
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].kind == TRANSACTION_INTEREST_REFUND &&
            day_compare(life->transactions[i].day, event.day) > 0)
            life_miss(life, "interest given back that an earlier event changes");
    if (life->missing)
        return;
    if (life->loan.terms.annual_rate.per_billion > 0 && is_booked_after(life, event.day))
        life->stale = "accruals booked before an event of an earlier day";
    struct transaction *added = life_add(life, kind, event.day, event.amount);
    added->has_event = true;
    added->event = event;
    added->of = of;
    life->as_of = life->today;
    if (life->loan.accrual_activity && is_summarised(life, event.day))
        life->stale = "summaries of accruals that an earlier event changes";
    life_after_event(life, day_compare(event.day, life->today) < 0 ? event.day : life->today);
}

static void add_event(struct life *life, enum transaction_kind kind, struct contract_event event) {
    add_event_of(life, kind, event, -1);
}

/* Our contract lives forward from the first drawdown. */
static bool is_possible(struct life *life, struct day day) {
    if (!life->drawn)
        life_miss(life, "an operation before the first drawdown");
    else if (day_compare(day, life->loan.terms.start_day) < 0)
        life_miss(life, "an operation dated before the first drawdown");
    else if (day_compare(day, life->today) > 0)
        life_miss(life, "an operation dated in the future");
    return !life->missing;
}

static void do_today(struct life *life, const struct vector_line *line) {
    struct day today;
    check(read_day_or_none(line, 0, &today));
    if (life->drawn && day_compare(today, life->today) < 0)
        life_miss(life, "a business date that goes back");
    life->today = today;
}

static void do_approve(struct life *life, const struct vector_line *line) {
    struct money amount;
    check(read_day_or_none(line, 2, &life->expected) && read_money(line, 1, &amount));
    life->approved = true;
    if (!life->drawn)
        life->loan.terms.principal = amount;
}

static void pay(struct life *life, enum transaction_kind kind, enum payment_source source,
    struct day day, struct money amount) {
    add_event(life, kind,
        (struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
            .day = day,
            .amount = amount,
            .target = TARGET_ORDER,
            .source = source});
}

static void do_disburse(struct life *life, const struct vector_line *line) {
    struct day day;
    struct money amount;
    check(read_day_or_none(line, 0, &day) && read_money(line, 1, &amount));
    if (!life->loan.stated) {
        life_miss(life, "a loan whose product is not stated");
        return;
    }
    if (!life->drawn && !fineract_loan_terms(&life->loan, day, amount)) {
        life->missing = life->loan.missing;
        return;
    }
    if (life->drawn && (!is_possible(life, day) || !limit_drawdown(life, day)))
        return;
    add_event(life, TRANSACTION_DISBURSEMENT,
        (struct contract_event){.kind = life->drawn ? EVENT_DRAWN_DOWN : EVENT_ACTIVATED,
            .day = day,
            .amount = amount});
    life->drawn = true;
    const struct money down = down_payment_of(&life->loan.terms, amount);
    if (life->loan.auto_down_payment && money_is_positive(down))
        pay(life, TRANSACTION_DOWN_PAYMENT, SOURCE_DOWN_PAYMENT, day, down);
}

static bool gives_back(const struct life *life, enum transaction_kind kind) {
    return life->loan.terms.annual_rate.per_billion > 0 &&
           ((kind == TRANSACTION_MERCHANT_REFUND && life->loan.refunds_interest) ||
               (kind == TRANSACTION_PAYOUT_REFUND && life->loan.pays_interest_out));
}

/* A refund, and with it the interest that was earned on its amount. */
static void pay_and_give_back(struct life *life, enum transaction_kind kind,
    enum payment_source source, struct day day, struct money amount) {
    struct money interest;
    if (life->loan.terms.down_payment.per_billion > 0 || life->charged_off ||
        !life_interest_refund(life, day, amount, &interest)) {
        life_miss(life, "interest given back over several drawdowns or down payments");
        return;
    }
    if (life_has(life, TRANSACTION_INTEREST_REFUND)) {
        life_miss(life, "interest given back a second time");
        return;
    }
    pay(life, kind, source, day, amount);
    if (money_is_positive(interest) && !life->missing)
        pay(life, TRANSACTION_INTEREST_REFUND, SOURCE_INTEREST_REFUND, day, interest);
}

static void do_pay(struct life *life, const struct vector_line *line) {
    static const struct {
        const char *word;
        enum transaction_kind kind;
        enum payment_source source;
    } kinds[] = {{"repayment", TRANSACTION_REPAYMENT, SOURCE_CHANNEL},
        {"goodwill_credit", TRANSACTION_GOODWILL, SOURCE_GOODWILL},
        {"merchant_issued_refund", TRANSACTION_MERCHANT_REFUND, SOURCE_SHOP},
        {"payout_refund", TRANSACTION_PAYOUT_REFUND, SOURCE_CREDIT_BALANCE},
        {"interest_payment_waiver", TRANSACTION_INTEREST_WAIVER, SOURCE_INTEREST_REFUND},
        {"charge_adjustment", TRANSACTION_CHARGE_ADJUSTMENT, SOURCE_CHARGE_REFUND}};
    struct day day;
    struct money amount;
    check(read_day_or_none(line, 1, &day) && read_money(line, 2, &amount));
    if (day_is_none(day))
        day = life->today;
    if (!is_possible(life, day))
        return;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!word_is(line, 0, kinds[i].word))
            continue;
        if (!limit_payment(life, kinds[i].source, day, amount))
            return;
        if (gives_back(life, kinds[i].kind))
            pay_and_give_back(life, kinds[i].kind, kinds[i].source, day, amount);
        else
            pay(life, kinds[i].kind, kinds[i].source, day, amount);
        return;
    }
    life_miss(life, "a refund of what was overpaid, as a payment");
}

static void do_pay_off(struct life *life, const struct vector_line *line) {
    struct day day;
    check(read_day_or_none(line, 0, &day));
    if (!is_possible(life, day) || !life_run(life, DAY_NONE))
        return;
    if (life_has(life, TRANSACTION_CHARGEBACK)) {
        life_miss(life, "a pay-off after a charge-back");
        return;
    }
    struct settle_quote *quote = ARENA_NEW(life->arena, struct settle_quote);
    quote_settle(&life->loan.terms, life->state, day, quote);
    add_event(life, TRANSACTION_REPAYMENT,
        (struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
            .day = day,
            .amount = quote->total,
            .target = TARGET_ORDER,
            .source = SOURCE_CHANNEL});
}

static void add_charge(struct life *life, bool penalty, struct day due, struct money amount) {
    if (!limit_charge(life, due))
        return;
    if (life->charge_count == LIFE_CHARGES_MAX) {
        life_miss(life, "more charges than are kept");
        return;
    }
    life->charges[life->charge_count++] = (struct life_charge){penalty, due, life->today, amount};
    add_event(life, TRANSACTION_CHARGE,
        (struct contract_event){.kind = EVENT_CHARGE_ADDED,
            .day = day_compare(due, life->today) < 0 ? due : life->today,
            .amount = amount,
            .component = penalty ? COMPONENT_PENALTY : COMPONENT_FEE,
            .other_day = due});
    if (life->charges_by_submitted && life->charge_count > 1)
        life->stale = "accruals of several charges on the day when they are made";
    if (life->accrues_after_end)
        life_book_late_charge(life, penalty, due, amount);
}

static void do_charge(struct life *life, const struct vector_line *line) {
    const bool penalty = word_is(line, 0, "loan_nsf_fee");
    struct day due;
    struct money amount;
    check(read_day_or_none(line, 1, &due) && read_money(line, 2, &amount));
    if (!penalty && !word_is(line, 0, "loan_snooze_fee"))
        life_miss(life, "charges by percentages of the loan");
    else if (is_possible(life, life->loan.terms.start_day))
        add_charge(life, penalty, due, amount);
}

/* A fee of a share of all that the loan comes to. */
static void do_charge_share(struct life *life, const struct vector_line *line) {
    struct rate share;
    struct day day;
    check(read_rate(line, 0, &share) && read_day_or_none(line, 1, &day));
    if (!is_possible(life, life->loan.terms.start_day) || !life_run(life, DAY_NONE))
        return;
    struct money base = life->state->drawn;
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        base = money_add(base, life->state->instalments[i].charged[COMPONENT_INTEREST]);
    add_charge(life, false, day,
        money_scale(base, share.per_billion, RATE_UNIT, life->loan.terms.rounding));
}

static void do_accrue(struct life *life, const struct vector_line *line) {
    (void)line;
    if (life->drawn)
        life_book_to(life, life->today);
}

static void do_fraud(struct life *life, const struct vector_line *line) {
    life->fraud = word_is(line, 0, "yes");
}

/* A switch of the whole installation that has to do with loans; the others change nothing. */
static void do_setting(struct life *life, const struct vector_line *line) {
    if (word_is(line, 0, "charge-accrual-date"))
        life->charges_by_submitted = word_is(line, 1, "submitted-date");
    else if (word_is(line, 0, "enable-immediate-charge-accrual-post-maturity"))
        life->accrues_after_end = word_is(line, 1, "on");
}

/* The n-th payment of the customer; the last one for n = 0; -1 when there is none. */
static int32_t payment_number(const struct life *life, int32_t n) {
    int32_t found = -1;
    for (int32_t i = 0; i < life->count; i++) {
        if (life->transactions[i].kind != TRANSACTION_REPAYMENT)
            continue;
        found = i;
        if (--n == 0)
            return i;
    }
    return n > 0 ? -1 : found;
}

/* "chargeback AMOUNT [N]": of the n-th payment, else of the last one. */
static void do_chargeback(struct life *life, const struct vector_line *line) {
    struct money amount;
    int32_t n = 0;
    check(read_money(line, 0, &amount));
    read_count(line, 1, &n);
    if (!is_possible(life, life->today))
        return;
    add_event_of(life, TRANSACTION_CHARGEBACK,
        (struct contract_event){.kind = EVENT_CHARGED_BACK, .day = life->today, .amount = amount},
        payment_number(life, n));
}

static void do_charge_off(struct life *life, const struct vector_line *line) {
    struct day day;
    check(read_day_or_none(line, 0, &day));
    if (!is_possible(life, day))
        return;
    if (!limit_end(life, day, false))
        return;
    for (int32_t i = 0; i < life->count; i++)
        if (life->transactions[i].kind == TRANSACTION_ACCRUAL &&
            day_compare(life->transactions[i].day, day) > 0)
            life->stale = "accruals booked after the day of the charge-off";
    life_book_interest_to(life, day);
    life->charged_off = true;
    life->ended_day = day;
    const int32_t place = life->count;
    add_event(life, TRANSACTION_CHARGE_OFF,
        (struct contract_event){.kind = EVENT_CHARGED_OFF, .day = day});
    life->transactions[place].fraud =
        word_is(line, 1, "fraud") || (life->fraud && !word_is(line, 1, "delinquent"));
}

static void do_refund_credit(struct life *life, const struct vector_line *line) {
    struct day day;
    struct money amount;
    check(read_day_or_none(line, 0, &day) && read_money(line, 1, &amount));
    if (!is_possible(life, day))
        return;
    add_event(life, TRANSACTION_CREDIT_REFUND,
        (struct contract_event){.kind = EVENT_CHARGED_BACK, .day = day, .amount = amount});
}

/* Both days are paused, and a day's interest is what falls due on its next morning. */
static void do_pause(struct life *life, const struct vector_line *line) {
    struct day start, end;
    check(read_day_or_none(line, 0, &start) && read_day_or_none(line, 1, &end));
    struct day from = day_add(start, -1);
    if (life->drawn && day_compare(from, life->loan.terms.start_day) == 0)
        from = start; /* the day of the drawdown bears interest */
    if (is_possible(life, life->today))
        add_event(life, TRANSACTION_TERMS,
            (struct contract_event){.kind = EVENT_INTEREST_PAUSED,
                .day = day_compare(from, life->today) < 0 ? from : life->today,
                .other_day = from,
                .days = days_between(from, end)});
}

/* "reschedule FROM SUBMITTED NEW_DUE GRACE GRACE EXTRA RATE": one change at a time. */
static void do_reschedule(struct life *life, const struct vector_line *line) {
    struct day from, due;
    struct rate rate;
    check(read_day_or_none(line, 0, &from) && read_day_or_none(line, 2, &due));
    const bool rate_alone = word_is(line, 3, "-") && word_is(line, 4, "-") &&
                            word_is(line, 5, "-") && day_is_none(due) && read_rate(line, 6, &rate);
    const bool due_alone = word_is(line, 3, "-") && word_is(line, 4, "-") &&
                           word_is(line, 5, "-") && word_is(line, 6, "-") && !day_is_none(due);
    if (!is_possible(life, life->today))
        return;
    if (!rate_alone && !due_alone) {
        life_miss(life, "rescheduling with more instalments or grace");
        return;
    }
    if (rate_alone && day_compare(from, life->today) > 0) {
        life_miss(life, "a rate agreed beforehand for a later day");
        return;
    }
    if (rate_alone) {
        add_event(life, TRANSACTION_TERMS,
            (struct contract_event){.kind = EVENT_RATE_CHANGED,
                .day = from,
                .rate = rate,
                .effect = EFFECT_LOWER_INSTALMENT});
        return;
    }
    if (!life_run(life, DAY_NONE))
        return;
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (day_compare(one->due_day, from) != 0)
            continue;
        add_event(life, TRANSACTION_TERMS,
            (struct contract_event){.kind = EVENT_DUE_DAY_CHANGED,
                .day = life->today,
                .instalment = i + 1,
                .other_day = due});
        return;
    }
    life_miss(life, "a due day changed that is none");
}

static void do_re_amortise(struct life *life, const struct vector_line *line) {
    (void)line;
    if (is_possible(life, life->today))
        add_event(life, TRANSACTION_RE_AMORTISE,
            (struct contract_event){.kind = EVENT_RE_AMORTISED, .day = life->today});
}

static void do_terminate(struct life *life, const struct vector_line *line) {
    (void)line;
    if (!is_possible(life, life->today))
        return;
    if (!limit_end(life, life->today, true))
        return;
    life_book_interest_to(life, life->today);
    life->ended_day = life->today;
    life->termination = true;
    add_event(life, TRANSACTION_TERMINATION,
        (struct contract_event){.kind = EVENT_ACCELERATED, .day = life->today});
}

static bool kind_named(const struct vector_line *line, enum transaction_kind *out) {
    static const struct {
        const char *word;
        enum transaction_kind kind;
    } kinds[] = {{"repayment", TRANSACTION_REPAYMENT}, {"goodwill_credit", TRANSACTION_GOODWILL},
        {"merchant_issued_refund", TRANSACTION_MERCHANT_REFUND},
        {"payout_refund", TRANSACTION_PAYOUT_REFUND},
        {"interest_payment_waiver", TRANSACTION_INTEREST_WAIVER},
        {"charge_adjustment", TRANSACTION_CHARGE_ADJUSTMENT},
        {"down_payment", TRANSACTION_DOWN_PAYMENT}, {"charge_off", TRANSACTION_CHARGE_OFF},
        {"terminate", TRANSACTION_TERMINATION}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (word_is(line, 0, kinds[i].word)) {
            *out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static bool is_wanted(
    const struct transaction *one, bool any, enum transaction_kind kind, struct day day) {
    if (!day_is_none(day) && day_compare(one->day, day) != 0)
        return false;
    return any ? one->has_event && one->event.kind == EVENT_PAYMENT_SETTLED : one->kind == kind;
}

static void revert(struct life *life, struct transaction *one) {
    if (life->loan.terms.annual_rate.per_billion > 0 &&
        is_booked_after(life, day_add(one->day, -1)))
        life->stale = "accruals booked before an event of an earlier day";
    one->reverted = true;
    if (life_has(life, TRANSACTION_INTEREST_REFUND))
        life_miss(life, "undoing beside interest that was given back");
    life->closed = false;
    if (one->kind == TRANSACTION_CHARGE_OFF || one->kind == TRANSACTION_TERMINATION)
        life->ended_day = DAY_NONE;
    if (one->kind == TRANSACTION_CHARGE_OFF)
        life->charged_off = false;
    if (life->loan.accrual_activity)
        life->stale = "summaries of accruals that an earlier event changes";
    life->as_of = life->today;
    if (!day_is_none(life->ended_day))
        life_after_event(life, life->today);
}

/* "undo KIND NTH DAY": the NTH (or "last") of that kind on that day ("-": on any). */
static void do_undo(struct life *life, const struct vector_line *line) {
    enum transaction_kind kind = TRANSACTION_REPAYMENT;
    int32_t nth = 1, found = -1;
    struct day day;
    const bool any = word_is(line, 0, "-"), last = word_is(line, 1, "last");
    struct money amount = MONEY_ZERO;
    const bool adjustment = word_is(line, 0, "charge_adjustment"); /* told by its amount */
    check((adjustment ? read_money(line, 1, &amount) : last || read_count(line, 1, &nth)) &&
          read_day_or_none(line, 2, &day));
    if (!any && !kind_named(line, &kind)) {
        life_miss(life, "undoing something else than a payment");
        return;
    }
    if (!life_run(life, DAY_NONE)) /* what it showed last stays with it */
        return;
    for (int32_t i = 0; i < life->count && (last || nth > 0); i++) {
        if (!is_wanted(&life->transactions[i], any, kind, day) ||
            (adjustment && money_compare(life->transactions[i].amount, amount) != 0))
            continue;
        nth--;
        if (last || nth == 0)
            found = i;
    }
    if (found >= 0 && life->transactions[found].kind != TRANSACTION_REPAYMENT &&
        life_has(life, TRANSACTION_CREDIT_REFUND))
        life_miss(life, "undoing what a refund of the credit balance rests on");
    else if (found >= 0)
        revert(life, &life->transactions[found]);
    else
        life_miss(life, "undoing a transaction that is not there");
}

static void do_advance_rule(struct life *life, const struct vector_line *line) {
    if (life->loan.stated)
        fineract_loan_advance_rule(&life->loan, line);
    else if (life->rule_count < LIFE_RULES_MAX)
        life->rules[life->rule_count++] = line;
    else
        life_miss(life, "more rules of paying in advance than are kept");
}

static void do_re_age(struct life *life, const struct vector_line *line) {
    (void)line;
    life_miss(life, "re-ageing with periods of its own");
}

static void do_other(struct life *life, const struct vector_line *line) {
    char name[128];
    check(vector_word(line, 0, name, sizeof name));
    static const struct {
        const char *part;
        const char *why;
    } reasons[] = {
        {"capitalized_income", "income capitalised into the principal"},
        {"charge_adjustment", "adjusting a charge that was paid"},
        {"waive", "waiving a charge after the fact"},
        {"undo", "undoing a drawdown, a re-ageing or a re-amortisation"},
        {"accrual", "accruals run by hand"},
        {"_charge_", "charges by percentages of the loan"},
        {"new_", "a loan of a product that is not described"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strstr(name, reasons[i].part)) {
            life_miss(life, reasons[i].why);
            return;
        }
    }
    life_miss(life, "another operation without an event of ours");
}

struct operation {
    const char *word;
    void (*run)(struct life *life, const struct vector_line *line);
};

static const struct operation operations[] = {
    {"today", do_today},
    {"approve", do_approve},
    {"disburse", do_disburse},
    {"pay", do_pay},
    {"pay_off", do_pay_off},
    {"charge", do_charge},
    {"charge_share", do_charge_share},
    {"accrue", do_accrue},
    {"fraud", do_fraud},
    {"setting", do_setting},
    {"chargeback", do_chargeback},
    {"charge_off", do_charge_off},
    {"refund_credit", do_refund_credit},
    {"pause", do_pause},
    {"reschedule", do_reschedule},
    {"re_amortise", do_re_amortise},
    {"re_age", do_re_age},
    {"terminate", do_terminate},
    {"undo", do_undo},
    {"advance_rule", do_advance_rule},
    {"close_of_business", life_close_day},
    {"op", do_other},
};

static void begin_loan(struct life *life, const struct vector_line *line) {
    if (life->drawn)
        life_miss(life, "a second loan in one case");
    fineract_loan_line(&life->loan, line);
    life->expected = life->loan.terms.start_day;
}

/* Rules that were changed before the loan was made apply on top of the product's. */
static void apply_rules(struct life *life) {
    for (int32_t i = 0; i < life->rule_count; i++)
        fineract_loan_advance_rule(&life->loan, life->rules[i]);
}

bool life_do(struct life *life, const struct vector_line *line) {
    if (line_is(line, "loan")) {
        begin_loan(life, line);
        return true;
    }
    if (life->loan.stated && fineract_loan_line(&life->loan, line)) {
        if (line_is(line, "allocation"))
            apply_rules(life);
        return true;
    }
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        if (!line_is(line, operations[i].word))
            continue;
        if (!life->missing || line_is(line, "today"))
            operations[i].run(life, line);
        return true;
    }
    return false;
}
