/*
 * difference.c: what lies between two states. Exports contract_difference() and the names of
 * contract.h.
 *
 * The books are a function of the state, so an event's journal entry is the books after it minus
 * the books before it; a correction's entry is made the same way (R-0067).
 */
#include "base/check.h"
#include "engine/delinquency.h"
#include "engine/life.h"
#include "engine/replan.h"

/* Everything that the contract has moved so far, by movement. */
struct books {
    struct money moved[MOVEMENT_COUNT];
};

static void book(struct books *books, enum movement movement, struct money amount) {
    books->moved[movement] = money_add(books->moved[movement], amount);
}

/* Interest or fee of a period that is running, day by day (R-0221). */
static struct money by_today(
    const struct terms *terms, const struct contract_state *state, int32_t i, struct money net) {
    const struct instalment *instalment = &state->instalments[i];
    int32_t length = days_between(instalment->period_start, instalment->scheduled_day);
    int32_t passed = days_between(instalment->period_start, state->day);
    if (passed <= 0)
        return MONEY_ZERO;
    check(passed < length);
    return money_scale(net, passed, length, terms->rounding);
}

struct money recognised(const struct terms *terms, const struct contract_state *state, int32_t i,
    enum component component, const struct money *to_date) {
    const struct instalment *instalment = &state->instalments[i];
    check(component == COMPONENT_INTEREST || component == COMPONENT_FEE);
    /* What of a charge had been income before it went back is not income a second time. */
    struct money before = instalment->charged_back[component];
    struct money net = money_subtract(
        money_subtract(instalment->charged[component], instalment->waived[component]), before);
    struct money paid = money_subtract(instalment->paid[component], before);
    net = money_max(MONEY_ZERO, net);
    paid = money_max(MONEY_ZERO, paid);
    if (!day_is_none(instalment->settled_day))
        return net;
    if (terms->non_accrual_days > 0 && state->days_overdue > terms->non_accrual_days)
        return paid;
    if (day_compare(instalment->scheduled_day, state->day) <= 0)
        return net;
    if (terms->recognition == RECOGNISED_WHEN_DUE)
        return paid;
    if (to_date != NULL && component == COMPONENT_INTEREST)
        return money_max(paid, money_min(net, to_date[i]));
    return money_max(paid, by_today(terms, state, i, net));
}

bool accrues_daily(const struct terms *terms, const struct contract_state *state) {
    return terms->recognition == RECOGNISED_DAILY &&
           terms->interest_on == INTEREST_ON_OUTSTANDING && state->status != CONTRACT_NEW;
}

static bool is_given_up(const struct contract_state *state) {
    return !day_is_none(state->charged_off_day) || state->status == CONTRACT_WRITTEN_OFF ||
           state->status == CONTRACT_SOLD;
}

static void book_instalment(const struct terms *terms, const struct contract_state *state,
    int32_t i, const struct money *to_date, struct books *books) {
    const struct instalment *instalment = &state->instalments[i];
    book(books, MOVEMENT_PRINCIPAL_PAID, instalment->paid[COMPONENT_PRINCIPAL]);
    book(books, MOVEMENT_INTEREST_PAID, instalment->paid[COMPONENT_INTEREST]);
    book(books, MOVEMENT_FEE_PAID, instalment->paid[COMPONENT_FEE]);
    book(books, MOVEMENT_PENALTY_PAID, instalment->paid[COMPONENT_PENALTY]);
    book(books, MOVEMENT_PRINCIPAL_CHARGED_BACK, instalment->charged_back[COMPONENT_PRINCIPAL]);
    book(books, MOVEMENT_INTEREST_CHARGED_BACK, instalment->charged_back[COMPONENT_INTEREST]);
    book(books, MOVEMENT_FEE_CHARGED_BACK, instalment->charged_back[COMPONENT_FEE]);
    book(books, MOVEMENT_PENALTY_CHARGED_BACK, instalment->charged_back[COMPONENT_PENALTY]);
    if (money_is_positive(instalment->subsidy) &&
        (!day_is_none(instalment->settled_day) ||
            day_compare(instalment->scheduled_day, state->day) <= 0))
        book(books, MOVEMENT_INTEREST_SUBSIDISED, instalment->subsidy);
    if (is_given_up(state))
        return;
    book(books, MOVEMENT_INTEREST_RECOGNISED,
        recognised(terms, state, i, COMPONENT_INTEREST, to_date));
    book(books, MOVEMENT_FEE_RECOGNISED, recognised(terms, state, i, COMPONENT_FEE, to_date));
}

/* After charge-off: what is an asset no longer, and what is paid all the same (R-0222). */
static void book_given_up(const struct contract_state *state, struct books *books) {
    static const enum movement paid[COMPONENT_COUNT] = {
        MOVEMENT_PENALTY_PAID, MOVEMENT_FEE_PAID, MOVEMENT_INTEREST_PAID, MOVEMENT_PRINCIPAL_PAID};
    bool sold = state->status == CONTRACT_SOLD && day_is_none(state->charged_off_day);
    if (!is_given_up(state))
        return;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        books->moved[paid[c]] = money_subtract(books->moved[paid[c]], state->recovered[c]);
        book(books, MOVEMENT_RECOVERED, state->recovered[c]);
    }
    book(books, MOVEMENT_INTEREST_RECOGNISED,
        money_add(books->moved[MOVEMENT_INTEREST_PAID], state->given_up[COMPONENT_INTEREST]));
    book(books, MOVEMENT_FEE_RECOGNISED,
        money_add(books->moved[MOVEMENT_FEE_PAID], state->given_up[COMPONENT_FEE]));
    book(books, sold ? MOVEMENT_PRINCIPAL_SOLD : MOVEMENT_PRINCIPAL_CHARGED_OFF,
        state->given_up[COMPONENT_PRINCIPAL]);
    book(books, sold ? MOVEMENT_INTEREST_SOLD : MOVEMENT_INTEREST_CHARGED_OFF,
        state->given_up[COMPONENT_INTEREST]);
    book(
        books, sold ? MOVEMENT_FEE_SOLD : MOVEMENT_FEE_CHARGED_OFF, state->given_up[COMPONENT_FEE]);
}

static void book_received(const struct contract_state *state, struct books *books) {
    static const enum movement received[SOURCE_COUNT] = {
        [SOURCE_CHANNEL] = MOVEMENT_RECEIVED_FROM_CHANNEL,
        [SOURCE_CREDIT_BALANCE] = MOVEMENT_RECEIVED_FROM_CREDIT,
        [SOURCE_GOODWILL] = MOVEMENT_RECEIVED_AS_GOODWILL,
        [SOURCE_SHOP] = MOVEMENT_RECEIVED_FROM_SHOP,
        [SOURCE_INTEREST_REFUND] = MOVEMENT_INTEREST_GIVEN_BACK,
        [SOURCE_CHARGE_REFUND] = MOVEMENT_CHARGE_GIVEN_BACK,
        [SOURCE_DOWN_PAYMENT] = MOVEMENT_RECEIVED_FROM_CHANNEL,
    };
    for (int s = 0; s < SOURCE_COUNT; s++)
        book(books, received[s], state->received[s]);
}

static struct books books_of(const struct terms *terms, const struct contract_state *state) {
    struct books books = {0};
    struct money to_date[INSTALMENTS_MAX];
    bool daily = accrues_daily(terms, state);
    if (daily)
        interest_to_date(terms, state, to_date);
    book(&books, MOVEMENT_PRINCIPAL_LENT, state->drawn);
    for (int32_t i = 0; i < state->instalment_count; i++)
        book_instalment(terms, state, i, daily ? to_date : NULL, &books);
    book_received(state, &books);
    book_given_up(state, &books);
    book(&books, MOVEMENT_OVERPAID, state->overpaid);
    book(&books, MOVEMENT_PRINCIPAL_REFUNDED,
        money_subtract(state->refunded_by_shop, state->refund_to_customer));
    book(&books, MOVEMENT_REFUND_TO_CUSTOMER, state->refund_to_customer);
    book(&books, MOVEMENT_COST_REBATED, state->rebated);
    book(&books, MOVEMENT_SALE_PRICE, state->sale_price);
    return books;
}

static void add_movements(const struct terms *terms, const struct contract_state *before,
    const struct contract_state *after, struct contract_update *update) {
    struct books old = books_of(terms, before);
    struct books new = books_of(terms, after);
    for (int m = 0; m < MOVEMENT_COUNT; m++) {
        struct money amount = money_subtract(new.moved[m], old.moved[m]);
        if (!money_is_zero(amount))
            update->movements[update->movement_count++] =
                (struct movement_line){(enum movement)m, amount};
    }
}

static void add_line(struct allocation_line *lines, int32_t *count, int32_t number,
    enum component component, struct money amount) {
    if (money_is_zero(amount))
        return;
    check(*count < UPDATE_LINES_MAX);
    lines[(*count)++] = (struct allocation_line){number, component, amount};
}

/* A correction can take back the very event that added a row: then it stands in one state only. */
static const struct instalment *instalment_in(const struct contract_state *state, int32_t i) {
    static const struct instalment none = {0};
    return i < state->instalment_count ? &state->instalments[i] : &none;
}

static void add_lines(const struct contract_state *before, const struct contract_state *after,
    struct contract_update *update) {
    for (int32_t i = 0; i < before->instalment_count || i < after->instalment_count; i++) {
        const struct instalment *old = instalment_in(before, i);
        const struct instalment *new = instalment_in(after, i);
        for (int c = 0; c < COMPONENT_COUNT; c++) {
            add_line(update->paid, &update->paid_count, i + 1, (enum component)c,
                money_subtract(new->paid[c], old->paid[c]));
            add_line(update->waived, &update->waived_count, i + 1, (enum component)c,
                money_subtract(new->waived[c], old->waived[c]));
        }
    }
}

static void add_crossing(struct contract_update *update, enum crossing_kind kind, int32_t number) {
    check(update->crossing_count < UPDATE_CROSSINGS_MAX);
    update->crossings[update->crossing_count++] = (struct crossing){kind, number};
}

static bool is_open(const struct instalment *instalment) {
    return day_is_none(instalment->settled_day);
}

static bool day_has_come(const struct contract_state *state, const struct instalment *instalment) {
    return day_compare(state->day, instalment->due_day) >= 0;
}

static void add_instalment_crossings(const struct contract_state *before,
    const struct contract_state *after, int32_t i, struct contract_update *update) {
    const struct instalment *new = &after->instalments[i];
    if (before->status == CONTRACT_NEW || i >= before->instalment_count) {
        if (is_open(new) && day_has_come(after, new))
            add_crossing(update, CROSSING_INSTALMENT_DUE, i + 1);
        return;
    }
    const struct instalment *old = &before->instalments[i];
    if (is_open(old) && !is_open(new)) {
        add_crossing(update, CROSSING_INSTALMENT_SETTLED, i + 1);
        return;
    }
    if (!is_open(old) && is_open(new))
        add_crossing(update, CROSSING_INSTALMENT_REOPENED, i + 1);
    if (!is_open(new))
        return;
    if (day_has_come(after, new) && !(is_open(old) && day_has_come(before, old)))
        add_crossing(update, CROSSING_INSTALMENT_DUE, i + 1);
    if (new->state == INSTALMENT_OVERDUE && old->state != INSTALMENT_OVERDUE)
        add_crossing(update, CROSSING_INSTALMENT_OVERDUE, i + 1);
}

static void add_contract_crossings(const struct contract_state *before,
    const struct contract_state *after, struct contract_update *update) {
    enum bucket bucket = bucket_of_days(after->days_overdue);
    if (bucket != bucket_of_days(before->days_overdue))
        add_crossing(update, CROSSING_BUCKET_CHANGED, (int32_t)bucket);
    if (after->status == before->status)
        return;
    switch (after->status) { /* uncovered: no event makes a contract new again */
    case CONTRACT_NEW:
        check(false);
        break;
    case CONTRACT_ACTIVE:
        add_crossing(update,
            before->status == CONTRACT_NEW ? CROSSING_CONTRACT_ACTIVATED
                                           : CROSSING_CONTRACT_REOPENED,
            0);
        break;
    case CONTRACT_SETTLED:
        add_crossing(update, CROSSING_CONTRACT_SETTLED, 0);
        break;
    case CONTRACT_REFUNDED:
        add_crossing(update, CROSSING_CONTRACT_REFUNDED, 0);
        break;
    case CONTRACT_WRITTEN_OFF:
        add_crossing(update, CROSSING_CONTRACT_WRITTEN_OFF, 0);
        break;
    case CONTRACT_SOLD:
        add_crossing(update, CROSSING_CONTRACT_SOLD, 0);
        break;
    }
}

static struct money to_credit(const struct contract_state *state) {
    return money_add(money_add(state->overpaid, state->refund_to_customer), state->rebated);
}

void contract_difference(const struct terms *terms, const struct contract_state *before,
    const struct contract_state *after, struct contract_update *update) {
    update->paid_count = 0;
    update->waived_count = 0;
    update->movement_count = 0;
    update->crossing_count = 0;
    add_lines(before, after, update);
    update->surplus = money_subtract(to_credit(after), to_credit(before));
    add_movements(terms, before, after, update);
    for (int32_t i = 0; i < after->instalment_count; i++)
        add_instalment_crossings(before, after, i, update);
    add_contract_crossings(before, after, update);
}

const char *contract_event_kind_name(enum contract_event_kind kind) {
    static const char *const names[EVENT_KIND_COUNT] = {
        [EVENT_ACTIVATED] = "activated",
        [EVENT_PAYMENT_SETTLED] = "payment_settled",
        [EVENT_REVERSED] = "reversed",
        [EVENT_WAIVED] = "waived",
        [EVENT_EXTENSION_GRANTED] = "extension_granted",
        [EVENT_MERCHANT_REFUNDED] = "merchant_refunded",
        [EVENT_DAY_REACHED] = "day_reached",
        [EVENT_DRAWN_DOWN] = "drawn_down",
        [EVENT_CHARGE_ADDED] = "charge_added",
        [EVENT_CHARGED_BACK] = "charged_back",
        [EVENT_RATE_CHANGED] = "rate_changed",
        [EVENT_INTEREST_PAUSED] = "interest_paused",
        [EVENT_DUE_DAY_CHANGED] = "due_day_changed",
        [EVENT_PAUSED] = "paused",
        [EVENT_RE_AGED] = "re_aged",
        [EVENT_RE_AMORTISED] = "re_amortised",
        [EVENT_ACCELERATED] = "accelerated",
        [EVENT_CHARGED_OFF] = "charged_off",
        [EVENT_WRITTEN_OFF] = "written_off",
        [EVENT_SOLD] = "sold",
        [EVENT_CAP_CHANGED] = "cap_changed",
    };
    check((unsigned)kind < EVENT_KIND_COUNT);
    return names[kind];
}

const char *contract_refusal_name(enum contract_refusal refusal) {
    static const char *const names[CONTRACT_REFUSAL_COUNT] = {
        [CONTRACT_OK] = "ok",
        [CONTRACT_SEQUENCE_NOT_NEXT] = "sequence_not_next",
        [CONTRACT_NOT_ACTIVATED] = "not_activated",
        [CONTRACT_ALREADY_ACTIVATED] = "already_activated",
        [CONTRACT_DAY_OUT_OF_RANGE] = "day_out_of_range",
        [CONTRACT_NEEDS_HISTORY] = "needs_history",
        [CONTRACT_AMOUNT_INVALID] = "amount_invalid",
        [CONTRACT_TARGET_INVALID] = "target_invalid",
        [CONTRACT_RATE_INVALID] = "rate_invalid",
        [CONTRACT_COUNT_INVALID] = "count_invalid",
        [CONTRACT_NO_SUCH_INSTALMENT] = "no_such_instalment",
        [CONTRACT_NO_SUCH_PAYMENT] = "no_such_payment",
        [CONTRACT_CLOSED] = "closed",
        [CONTRACT_NOTHING_TO_WAIVE] = "nothing_to_waive",
        [CONTRACT_EXTENSION_NOT_OFFERED] = "extension_not_offered",
        [CONTRACT_EXTENSION_SETTLED] = "extension_settled",
        [CONTRACT_EXTENSION_TOO_SHORT] = "extension_too_short",
        [CONTRACT_REFUND_TOO_LARGE] = "refund_too_large",
        [CONTRACT_DRAWDOWN_NOT_OFFERED] = "drawdown_not_offered",
        [CONTRACT_CHARGE_BACK_TOO_LARGE] = "charge_back_too_large",
        [CONTRACT_NO_ROOM] = "no_room",
    };
    check((unsigned)refusal < CONTRACT_REFUSAL_COUNT);
    return names[refusal];
}
