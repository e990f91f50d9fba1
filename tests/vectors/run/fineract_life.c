/* fineract_life.c: replaying a published loan and finding what each transaction paid. */
#include "fineract_life.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

struct life *life_new(struct arena *arena) {
    struct life *life = ARENA_NEW(arena, struct life);
    life->arena = arena;
    life->today = life->as_of = life->expected = life->closed_to = life->ended_day =
        life->summarised_to = DAY_NONE;
    life->state = ARENA_NEW(arena, struct contract_state);
    life->update = ARENA_NEW(arena, struct contract_update);
    life->timings = ARENA_ARRAY(arena, INSTALMENTS_MAX, struct timing);
    return life;
}

struct transaction *life_add(
    struct life *life, enum transaction_kind kind, struct day day, struct money amount) {
    check(life->count < LIFE_TRANSACTIONS_MAX);
    struct transaction *added = &life->transactions[life->count++];
    *added = (struct transaction){.kind = kind, .day = day, .amount = amount};
    return added;
}

struct order {
    int32_t day;
    int32_t rank; /* on one day */
    int32_t index;
};

static int by_day(const void *a, const void *b) {
    const struct order *left = a, *right = b;
    if (left->day != right->day)
        return left->day < right->day ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return left->index < right->index ? -1 : 1;
}

/* Indices of the transactions whose events stand, by value date. */
static int32_t standing(const struct life *life, struct order *orders) {
    int32_t count = 0;
    for (int32_t i = 0; i < life->count; i++) {
        const struct transaction *one = &life->transactions[i];
        if (!one->has_event || one->reverted)
            continue;
        /* Under the older way to plan a charge stands before all payments, whenever it is made. */
        const bool first = one->kind == TRANSACTION_CHARGE && !life->loan.progressive;
        orders[count++] =
            (struct order){first ? life->loan.terms.start_day.number : one->day.number,
                one->event.kind == EVENT_ACTIVATED ? 0
                : first                            ? 1
                                                   : 2,
                i};
    }
    qsort(orders, (size_t)count, sizeof *orders, by_day);
    return count;
}

static void take_lines(struct life *life, struct transaction *one, struct money *portions) {
    const struct contract_update *update = life->update;
    for (int32_t i = 0; i < update->paid_count; i++) {
        const struct allocation_line *line = &update->paid[i];
        struct timing *timing = &life->timings[line->instalment - 1];
        const struct instalment *instalment = &life->state->instalments[line->instalment - 1];
        portions[line->component] = money_add(portions[line->component], line->amount);
        const int side = day_compare(one->day, instalment->due_day);
        if (side < 0)
            timing->in_advance = money_add(timing->in_advance, line->amount);
        else if (side > 0)
            timing->late = money_add(timing->late, line->amount);
    }
}

static void take_movements(struct life *life, struct transaction *one) {
    const struct contract_update *update = life->update;
    one->movement_count = update->movement_count;
    memcpy(one->movements, update->movements, sizeof one->movements);
    for (int32_t i = 0; i < update->movement_count; i++)
        if (update->movements[i].movement == MOVEMENT_INTEREST_RECOGNISED)
            life->interest_recognised =
                money_add(life->interest_recognised, update->movements[i].amount);
}

static void settle_figures(struct transaction *one, const struct money portions[COMPONENT_COUNT],
    struct money overpaid, struct money balance) {
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        if (one->shown && money_compare(one->portions[c], portions[c]) != 0)
            one->replayed = true;
    memcpy(one->portions, portions, sizeof one->portions);
    one->overpaid = overpaid;
    one->balance = balance;
    one->shown = true;
}

/* One event of the engine; false, life->missing set, when it refuses. */
static bool apply(struct life *life, struct contract_event event) {
    event.sequence = life->state->last_sequence + 1;
    const enum contract_refusal refusal =
        contract_step(&life->loan.terms, life->state, &event, life->update);
    if (refusal == CONTRACT_OK)
        return true;
    life->missing =
        arena_printf(life->arena, "the engine refuses: %s", contract_refusal_name(refusal));
    return false;
}

/* What was overpaid before pays at once what a transaction makes the loan owe again. */
static bool use_credit(struct life *life, struct transaction *one) {
    const struct money used = money_min(life_overpaid(life), contract_left(life->state));
    struct money portions[COMPONENT_COUNT] = {0};
    if (!money_is_positive(used))
        return true;
    if (!apply(life, (struct contract_event){.kind = EVENT_PAYMENT_SETTLED,
                         .day = one->day,
                         .amount = used,
                         .target = TARGET_ORDER,
                         .source = SOURCE_CHANNEL}))
        return false;
    life->credit_used = money_add(life->credit_used, used);
    take_lines(life, one, portions);
    memcpy(one->credit_parts, portions, sizeof one->credit_parts);
    one->from_credit = used;
    if (one->kind == TRANSACTION_CHARGEBACK && !life->loan.credits_in_order)
        one->portions[COMPONENT_PRINCIPAL] = money_subtract(one->amount, used);
    one->balance = contract_principal_left(life->state);
    return true;
}

static bool owes_more(enum transaction_kind kind) {
    return kind == TRANSACTION_CHARGEBACK || kind == TRANSACTION_DISBURSEMENT ||
           kind == TRANSACTION_CHARGE;
}

/* A refund of what was overpaid; what is not overpaid any more is owed again. */
static bool refund_credit(struct life *life, struct transaction *one) {
    const struct money covered = money_min(one->amount, life_overpaid(life));
    const struct money rest = money_subtract(one->amount, covered);
    struct money portions[COMPONENT_COUNT] = {[COMPONENT_PRINCIPAL] = rest};
    one->from_credit = covered;
    one->movement_count = 0;
    life->credit_used = money_add(life->credit_used, covered);
    if (money_is_positive(rest) && life->loan.terms.annual_rate.per_billion > 0) {
        life->missing = "a refund of credit that is none any more, while interest runs";
        return false;
    }
    if (money_is_positive(rest)) {
        if (!apply(life, (struct contract_event){.kind = EVENT_CHARGED_BACK,
                             .day = one->day,
                             .amount = rest,
                             .parts[COMPONENT_PRINCIPAL] = rest}))
            return false;
        take_movements(life, one);
    }
    one->after_charge_off = !day_is_none(life->state->charged_off_day);
    settle_figures(one, portions, MONEY_ZERO, contract_principal_left(life->state));
    return true;
}

/* The parts of a charge-back: those of its payment that have not gone back, in order. */
static void credit_parts(
    const struct life *life, const struct transaction *one, struct money parts[COMPONENT_COUNT]) {
    struct money left = one->amount;
    for (int32_t i = 0; i < COMPONENT_COUNT && one->of >= 0 && life->loan.credits_in_order; i++) {
        const enum component component = life->loan.terms.credit_order[i];
        struct money standing = life->transactions[one->of].portions[component];
        for (int32_t k = 0; k < life->count; k++) {
            const struct transaction *other = &life->transactions[k];
            if (other->kind == TRANSACTION_CHARGEBACK && other->of == one->of && other->stepped)
                standing = money_subtract(standing, other->portions[component]);
        }
        parts[component] = money_min(left, money_max(MONEY_ZERO, standing));
        left = money_subtract(left, parts[component]);
    }
    parts[COMPONENT_PRINCIPAL] = money_add(parts[COMPONENT_PRINCIPAL], left);
}

/* All that is owed: what a charge-off gives up. */
static void owed_now(const struct life *life, struct money portions[COMPONENT_COUNT]) {
    for (int32_t c = 0; c < COMPONENT_COUNT; c++) {
        portions[c] = MONEY_ZERO;
        for (int32_t i = 0; i < life->state->instalment_count; i++)
            portions[c] = money_add(
                portions[c], instalment_owed(&life->state->instalments[i], (enum component)c));
    }
}

/* A charge-back that what was overpaid covers wholly; by an order of components it shows anyway. */
static bool is_covered(const struct life *life, const struct transaction *one) {
    return one->kind == TRANSACTION_CHARGEBACK && !life->loan.credits_in_order &&
           money_compare(life_overpaid(life), one->amount) >= 0;
}

static struct money overdue_principal(const struct life *life, struct day day) {
    struct money sum = MONEY_ZERO;
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        if (day_compare(life->state->instalments[i].due_day, day) <= 0)
            sum =
                money_add(sum, instalment_owed(&life->state->instalments[i], COMPONENT_PRINCIPAL));
    return sum;
}

static bool step(struct life *life, struct transaction *one) {
    struct money portions[COMPONENT_COUNT] = {0};
    if (one->kind == TRANSACTION_CREDIT_REFUND || is_covered(life, one))
        return refund_credit(life, one);
    struct contract_event event = one->event;
    if (one->kind == TRANSACTION_CHARGE && !life->loan.progressive)
        event.day = life->loan.terms.start_day;
    if (one->kind == TRANSACTION_CHARGEBACK)
        credit_parts(life, one, event.parts);
    const struct money overdue = overdue_principal(life, one->day);
    if (!apply(life, event))
        return false;
    one->from_credit = MONEY_ZERO;
    memset(one->credit_parts, 0, sizeof one->credit_parts);
    take_lines(life, one, portions);
    take_movements(life, one);
    if (one->kind == TRANSACTION_CHARGEBACK)
        memcpy(portions, event.parts, sizeof portions);
    else if (one->kind == TRANSACTION_CHARGE_OFF || one->kind == TRANSACTION_TERMINATION)
        owed_now(life, portions);
    else if (one->kind == TRANSACTION_RE_AMORTISE)
        portions[COMPONENT_PRINCIPAL] = overdue;
    one->after_charge_off = !day_is_none(life->state->charged_off_day);
    settle_figures(one, portions, life->update->surplus, contract_principal_left(life->state));
    one->stepped = true;
    return owes_more(one->kind) ? use_credit(life, one) : true;
}

/* Whether something overdue bears interest that no coming instalment is open to take. */
static bool is_orphaned(const struct life *life) {
    const struct terms *terms = &life->loan.terms;
    bool overdue = false, open = false, settled = false;
    if (terms->interest_on != INTEREST_ON_OUTSTANDING || !terms->overdue_bears_interest ||
        life->state->status != CONTRACT_ACTIVE || !day_is_none(life->ended_day))
        return false;
    for (int32_t i = 0; i < life->state->instalment_count; i++) {
        const struct instalment *one = &life->state->instalments[i];
        if (one->kind != INSTALMENT_REGULAR)
            continue;
        const bool is_open = day_is_none(one->settled_day);
        const bool past = day_compare(one->scheduled_day, life->state->day) <= 0;
        overdue = overdue || (past && is_open);
        open = open || (!past && is_open);
        settled = settled || (!past && !is_open);
    }
    return overdue && settled && !open;
}

bool life_run(struct life *life, struct day until) {
    if (!life->missing && life->loan.later_missing && life->drawn &&
        day_compare(life->as_of, life->loan.terms.start_day) > 0)
        life->missing = life->loan.later_missing;
    if (life->missing)
        return false;
    struct order *orders = ARENA_ARRAY(life->arena, LIFE_TRANSACTIONS_MAX, struct order);
    const int32_t count = standing(life, orders);
    for (int32_t i = 0; i < life->count; i++)
        life->transactions[i].stepped = false;
    contract_new(life->state);
    memset(life->timings, 0, INSTALMENTS_MAX * sizeof *life->timings);
    life->interest_recognised = life->credit_used = MONEY_ZERO;
    for (int32_t i = 0; i < count; i++) {
        if (!day_is_none(until) && orders[i].day > until.number)
            break;
        if (!step(life, &life->transactions[orders[i].index]))
            return false;
    }
    if (life->state->status != CONTRACT_NEW && !day_is_none(life->as_of) && day_is_none(until))
        contract_advance(&life->loan.terms, life->state, life->as_of);
    if (day_is_none(until) && is_orphaned(life))
        life->missing = "interest on what is overdue when all that was to come is paid";
    return !life->missing;
}

struct money life_interest_earned(struct life *life, struct day day) {
    const struct contract_event event = {
        .kind = EVENT_DAY_REACHED, .sequence = life->state->last_sequence + 1, .day = day};
    if (life->state->status == CONTRACT_NEW)
        return MONEY_ZERO;
    struct money earned = life->interest_recognised;
    if (contract_step(&life->loan.terms, life->state, &event, life->update) != CONTRACT_OK)
        return earned;
    for (int32_t i = 0; i < life->update->movement_count; i++)
        if (life->update->movements[i].movement == MOVEMENT_INTEREST_RECOGNISED)
            earned = money_add(earned, life->update->movements[i].amount);
    return earned;
}

struct money life_overpaid(const struct life *life) {
    return money_subtract(life->state->overpaid, life->credit_used);
}
