/* plan_payment.c: what a payment would pay. See plan_payment.h. */
#include "service/plan_payment.h"

#include "base/builder.h"
#include "base/check.h"
#include "engine/debts.h"

#include <stdlib.h>
#include <string.h>

const char *purpose_orders_write(struct arena *arena, const int64_t *order_ids, size_t count) {
    struct builder text = builder_start(arena, 32);
    for (size_t i = 0; i < count; i++)
        builder_printf(&text, "%s%lld", i ? "," : "", (long long)order_ids[i]);
    return builder_text(&text);
}

size_t purpose_orders_read(struct arena *arena, const char *text, int64_t **order_ids) {
    size_t room = 1;
    for (const char *at = text; *at; at++)
        room += *at == ',';
    *order_ids = ARENA_ARRAY(arena, room, int64_t);
    size_t count = 0;
    while (*text) {
        char *end = NULL;
        (*order_ids)[count++] = strtoll(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
        check(end && (*end == ',' || *end == '\0') && count <= room);
    }
    return count;
}

/* Whether the purpose is one at all, before anything is looked up. */
static bool well_formed(const struct purpose *purpose) {
    bool has_amount = !money_is_zero(purpose->amount);
    switch (purpose->kind) {
    case PURPOSE_DUE:
    case PURPOSE_OVERDUE:
        return !has_amount;
    case PURPOSE_ORDER:
        return !has_amount && purpose->order_count == 1;
    case PURPOSE_ALL_ORDERS:
        return !has_amount && purpose->order_count == 0;
    case PURPOSE_AMOUNT:
        return money_is_positive(purpose->amount);
    case PURPOSE_SETTLE:
        return !has_amount && purpose->order_count > 0;
    case PURPOSE_NONE:
        return false;
    }
    check(false);
    return false;
}

static bool is_named(const struct purpose *purpose, int64_t order_id) {
    for (size_t i = 0; i < purpose->order_count; i++)
        if (purpose->order_ids[i] == order_id)
            return true;
    return purpose->order_count == 0;
}

/* Oldest open due day first; closed contracts (no such day) last; then the older contract. */
static int by_due_day(const void *a, const void *b) {
    const struct planned_part *left = a, *right = b;
    struct day first = left->quote->earliest_due_day, second = right->quote->earliest_due_day;
    int32_t x = day_is_none(first) ? INT32_MAX : first.number;
    int32_t y = day_is_none(second) ? INT32_MAX : second.number;
    if (x != y)
        return x < y ? -1 : 1;
    int64_t i = left->contract->stored->contract_id, j = right->contract->stored->contract_id;
    return i < j ? -1 : i > j;
}

/* Loads the contracts and orders that the purpose names, quoted on the business date. */
static enum status load_parts(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct purpose *purpose, struct payment_plan *plan) {
    struct live_contract **contracts;
    size_t count;
    enum status status = load_contracts(tx, customer_id, &contracts, &count);
    if (status != STATUS_OK)
        return status;
    plan->parts = ARENA_ARRAY(tx_arena(tx), count + 1, struct planned_part);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        int64_t order_id = contracts[i]->stored->order_id;
        if (!is_named(purpose, order_id))
            continue;
        struct planned_part *part = &plan->parts[plan->part_count++];
        part->contract = contracts[i];
        part->quote = ARENA_ROOM(tx_arena(tx), struct due_quote);
        quote_due(&contracts[i]->terms, &contracts[i]->state, moment.business_date, part->quote);
        plan->owed_now = money_add(plan->owed_now, part->quote->owed_now);
        plan->overdue = money_add(plan->overdue, part->quote->overdue);
        plan->most = money_add(plan->most, part->quote->left);
        status = order_load(tx, customer_id, order_id, &part->order);
        check(status != STATUS_OK || part->order);
    }
    plan->least = money_min(PAYMENT_LEAST, plan->most);
    qsort(plan->parts, plan->part_count, sizeof plan->parts[0], by_due_day);
    return status;
}

/* Whether an order that is named and has no contract exists at all. */
static enum status find_missing(struct tx *tx, int64_t customer_id, const struct purpose *purpose,
    const struct payment_plan *plan, bool *found_all) {
    *found_all = true;
    for (size_t i = 0; i < purpose->order_count; i++) {
        bool found = false;
        for (size_t j = 0; j < plan->part_count; j++)
            found = found || plan->parts[j].contract->stored->order_id == purpose->order_ids[i];
        if (found)
            continue;
        struct order *order;
        enum status status = order_load(tx, customer_id, purpose->order_ids[i], &order);
        if (status != STATUS_OK)
            return status;
        *found_all = *found_all && order != NULL;
    }
    return STATUS_OK;
}

static struct money owed_by(const struct planned_part *part, enum payment_purpose kind) {
    return kind == PURPOSE_OVERDUE ? part->quote->overdue : part->quote->owed_now;
}

/* What a contract costs a year while nothing is paid: the dearer of interest and penalty. */
static struct rate burden_of(const struct terms *terms) {
    const int64_t year_days = 365;
    struct rate penalty = {terms->penalty.daily_rate.per_billion * year_days};
    return penalty.per_billion > terms->annual_rate.per_billion ? penalty : terms->annual_rate;
}

/*
 * An amount of one's own goes over the contracts in the order of the law: what is owed now, then in
 * advance; within either the dearer first, then what is due earlier.
 */
static void spread_amount(struct tx *tx, struct payment_plan *plan, struct money amount) {
    size_t count = plan->part_count;
    struct debt *debts = ARENA_ARRAY(tx_arena(tx), 2 * count + 1, struct debt);
    struct money *parts = ARENA_ARRAY(tx_arena(tx), 2 * count + 1, struct money);
    for (size_t i = 0; i < count; i++) {
        const struct due_quote *quote = plan->parts[i].quote;
        struct rate burden = burden_of(&plan->parts[i].contract->terms);
        debts[i] = (struct debt){.owed = quote->owed_now,
            .due = true,
            .burden = burden,
            .due_day = quote->earliest_due_day};
        debts[count + i] = (struct debt){.owed = money_subtract(quote->left, quote->owed_now),
            .burden = burden,
            .due_day = quote->next_due_day};
    }
    spread_over_debts(debts, (int32_t)(2 * count), amount, parts);
    for (size_t i = 0; i < count; i++) {
        plan->parts[i].target = TARGET_ORDER;
        plan->parts[i].amount = money_add(parts[i], parts[count + i]);
    }
}

static void settle_parts(struct tx *tx, struct moment moment, struct payment_plan *plan) {
    for (size_t i = 0; i < plan->part_count; i++) {
        struct planned_part *part = &plan->parts[i];
        struct settle_quote *quote = ARENA_ROOM(tx_arena(tx), struct settle_quote);
        quote_settle(&part->contract->terms, &part->contract->state, moment.business_date, quote);
        part->target = TARGET_SETTLE;
        part->amount = quote->possible ? quote->total : MONEY_ZERO;
        if (plan->part_count == 1)
            plan->settlement = quote;
    }
}

static void divide(
    struct tx *tx, struct moment moment, const struct purpose *purpose, struct payment_plan *plan) {
    switch (purpose->kind) {
    case PURPOSE_DUE:
    case PURPOSE_OVERDUE:
    case PURPOSE_ORDER:
    case PURPOSE_ALL_ORDERS:
        for (size_t i = 0; i < plan->part_count; i++) {
            plan->parts[i].target = purpose->kind == PURPOSE_OVERDUE ? TARGET_OVERDUE : TARGET_DUE;
            plan->parts[i].amount = owed_by(&plan->parts[i], purpose->kind);
        }
        return;
    case PURPOSE_AMOUNT:
        spread_amount(tx, plan, purpose->amount);
        return;
    case PURPOSE_SETTLE:
        settle_parts(tx, moment, plan);
        return;
    case PURPOSE_NONE:
        break;
    }
    check(false);
}

/* The lines so far, with room for `more` behind them. */
static struct payment_allocation *with_room(
    struct arena *arena, const struct payment_allocation *lines, size_t count, int32_t more) {
    struct payment_allocation *roomy =
        ARENA_ARRAY(arena, count + (size_t)more + 1, struct payment_allocation);
    if (count > 0)
        memcpy(roomy, lines, count * sizeof *roomy);
    return roomy;
}

void allocate_part(struct arena *arena, const struct stored_contract *contract,
    const struct contract_state *after, const struct contract_update *update,
    struct payment_allocation **lines, size_t *count) {
    size_t first = *count;
    struct payment_allocation *allocations = *lines =
        with_room(arena, *lines, *count, update->paid_count);
    for (int32_t i = 0; i < update->paid_count; i++) {
        const struct allocation_line *line = &update->paid[i];
        const struct instalment *instalment = &after->instalments[line->instalment - 1];
        size_t at = first;
        while (at < *count && allocations[at].instalment != line->instalment)
            at++;
        struct payment_allocation *allocation = &allocations[at];
        if (at == *count) {
            (*count)++;
            *allocation = (struct payment_allocation){
                .contract_id = contract->contract_id,
                .order_id = contract->order_id,
                .instalment = line->instalment,
                .due_day = instalment->due_day,
                .left_after = instalment_left(instalment),
            };
        }
        struct money *place = NULL;
        switch (line->component) {
        case COMPONENT_PENALTY:
            place = &allocation->penalty;
            break;
        case COMPONENT_FEE:
            place = &allocation->fee;
            break;
        case COMPONENT_INTEREST:
            place = &allocation->interest;
            break;
        case COMPONENT_PRINCIPAL:
            place = &allocation->principal;
            break;
        }
        check(place);
        *place = money_add(*place, line->amount);
    }
}

/* Moves the parts that pay nothing behind the others, keeping the order. */
static size_t paying_first(struct tx *tx, struct payment_plan *plan) {
    struct planned_part *sorted =
        ARENA_ARRAY(tx_arena(tx), plan->part_count + 1, struct planned_part);
    size_t paying = 0, at = 0;
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < plan->part_count; i++)
            if (money_is_positive(plan->parts[i].amount) == (round == 0)) {
                sorted[at++] = plan->parts[i];
                paying += round == 0;
            }
    plan->parts = sorted;
    return paying;
}

/* Asks the engine how each part would be spread. */
static void allocate(struct tx *tx, struct moment moment, struct payment_plan *plan) {
    struct arena *arena = tx_arena(tx);
    size_t paying = paying_first(tx, plan);
    for (size_t i = 0; i < plan->part_count; i++) {
        struct planned_part *part = &plan->parts[i];
        part->quote_after = part->quote;
        if (i < paying) {
            struct contract_state *after = ARENA_ROOM(arena, struct contract_state);
            struct contract_update *update = ARENA_ROOM(arena, struct contract_update);
            enum contract_refusal refusal =
                quote_payment(&part->contract->terms, &part->contract->state, moment.business_date,
                    part->amount, part->target, 0, after, update);
            check(refusal == CONTRACT_OK);
            allocate_part(arena, part->contract->stored, after, update, &plan->allocations,
                &plan->allocation_count);
            part->quote_after = ARENA_ROOM(arena, struct due_quote);
            quote_due(&part->contract->terms, after, moment.business_date, part->quote_after);
        }
        plan->amount = money_add(plan->amount, part->amount);
        plan->owed_now_after = money_add(plan->owed_now_after, part->quote_after->owed_now);
        plan->overdue_after = money_add(plan->overdue_after, part->quote_after->overdue);
    }
}

enum status plan_payment(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct purpose *purpose, struct payment_plan *plan) {
    *plan = (struct payment_plan){.outcome = PLAN_OK};
    bool found_all = true;
    enum status status = load_parts(tx, moment, customer_id, purpose, plan);
    if (status == STATUS_OK)
        status = find_missing(tx, customer_id, purpose, plan, &found_all);
    if (status != STATUS_OK)
        return status;
    bool formed = well_formed(purpose);
    if (formed &&
        (purpose->kind != PURPOSE_AMOUNT || money_compare(purpose->amount, plan->most) <= 0)) {
        divide(tx, moment, purpose, plan);
        allocate(tx, moment, plan);
    }
    bool settling = purpose->kind == PURPOSE_SETTLE;
    bool nothing =
        purpose->kind == PURPOSE_AMOUNT ? money_is_zero(plan->most) : money_is_zero(plan->amount);
    if (!found_all)
        plan->outcome = PLAN_ORDER_NOT_FOUND;
    else if (formed && nothing)
        plan->outcome = settling ? PLAN_NOTHING_TO_SETTLE : PLAN_NOTHING_OWED;
    else if (!formed)
        plan->outcome = PLAN_AMOUNT_INVALID;
    else if (purpose->kind == PURPOSE_AMOUNT && money_compare(purpose->amount, plan->least) < 0)
        plan->outcome = PLAN_AMOUNT_TOO_SMALL;
    else if (purpose->kind == PURPOSE_AMOUNT && money_compare(purpose->amount, plan->most) > 0)
        plan->outcome = PLAN_AMOUNT_TOO_LARGE;
    return STATUS_OK;
}

enum status plan_collection(struct tx *tx, struct moment moment, struct live_contract *contract,
    struct money amount, struct payment_plan *plan) {
    struct planned_part *part = ARENA_NEW(tx_arena(tx), struct planned_part);
    *plan = (struct payment_plan){.outcome = PLAN_OK, .part_count = 1, .parts = part};
    part->contract = contract;
    part->quote = ARENA_ROOM(tx_arena(tx), struct due_quote);
    part->amount = amount;
    part->target = TARGET_DUE;
    quote_due(&contract->terms, &contract->state, moment.business_date, part->quote);
    check(money_is_positive(amount) && money_compare(amount, part->quote->owed_now) <= 0);
    allocate(tx, moment, plan);
    return order_load(
        tx, contract->stored->customer_id, contract->stored->order_id, &plan->parts[0].order);
}
