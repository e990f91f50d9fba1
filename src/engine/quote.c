/* quote.c: questions about a contract. Exports what quote.h declares. */
#include "engine/quote.h"

#include "base/check.h"
#include "engine/delinquency.h"
#include "engine/life.h"

#include <string.h>

void state_on(const struct terms *terms, const struct contract_state *state, struct day day,
    struct contract_state *then) {
    contract_copy(then, state);
    contract_advance(terms, then, day);
    refresh_states(terms, then);
}

static void quote_instalment(const struct instalment *instalment, int32_t number, struct day day,
    struct instalment_quote *quote) {
    *quote = (struct instalment_quote){0};
    quote->number = number;
    quote->scheduled_day = instalment->scheduled_day;
    quote->due_day = instalment->due_day;
    quote->state = instalment->state;
    quote->days_overdue =
        instalment->state == INSTALMENT_OVERDUE ? days_between(instalment->due_day, day) : 0;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        quote->charged[c] = money_subtract(instalment->charged[c], instalment->waived[c]);
        quote->paid[c] = instalment->paid[c];
        quote->owed[c] = instalment_owed(instalment, (enum component)c);
        quote->total = money_add(quote->total, quote->charged[c]);
        quote->paid_total = money_add(quote->paid_total, quote->paid[c]);
        quote->left = money_add(quote->left, quote->owed[c]);
    }
}

/* Adds an instalment to the contract's sums. */
static void sum_instalment(const struct instalment_quote *part, struct due_quote *quote) {
    quote->paid = money_add(quote->paid, part->paid_total);
    if (part->state == INSTALMENT_SETTLED || part->state == INSTALMENT_REFUNDED) {
        quote->settled_count++;
        return;
    }
    quote->left = money_add(quote->left, part->left);
    quote->principal_left = money_add(quote->principal_left, part->owed[COMPONENT_PRINCIPAL]);
    if (part->state != INSTALMENT_UPCOMING) {
        quote->owed_now = money_add(quote->owed_now, part->left);
        quote->penalty = money_add(quote->penalty, part->owed[COMPONENT_PENALTY]);
    }
    if (part->state == INSTALMENT_OVERDUE)
        quote->overdue = money_add(quote->overdue, part->left);
    if (part->state == INSTALMENT_DUE)
        quote->due = money_add(quote->due, part->left);
    if (day_is_none(quote->earliest_due_day) ||
        day_compare(part->due_day, quote->earliest_due_day) < 0)
        quote->earliest_due_day = part->due_day;
    if (part->state != INSTALMENT_OVERDUE &&
        (day_is_none(quote->next_due_day) || day_compare(part->due_day, quote->next_due_day) < 0)) {
        quote->next_due_day = part->due_day;
        quote->next_due = part->left;
    }
}

void quote_due(const struct terms *terms, const struct contract_state *state, struct day day,
    struct due_quote *quote) {
    struct contract_state then;
    state_on(terms, state, day, &then);
    memset(quote, 0, offsetof(struct due_quote, instalments));
    quote->day = then.day;
    quote->earliest_due_day = DAY_NONE;
    quote->next_due_day = DAY_NONE;
    quote->days_overdue = then.days_overdue;
    quote->count = then.instalment_count;
    for (int32_t i = 0; i < then.instalment_count; i++) {
        quote_instalment(&then.instalments[i], i + 1, then.day, &quote->instalments[i]);
        sum_instalment(&quote->instalments[i], quote);
    }
    quote->further_day = quote_further_day(terms, state, day);
}

void quote_window(const struct contract_state *state, struct day from, struct day to,
    struct window_quote *quote) {
    memset(quote, 0, sizeof *quote);
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (!day_is_none(instalment->settled_day) || day_compare(instalment->due_day, from) < 0 ||
            day_compare(instalment->due_day, to) > 0)
            continue;
        quote->instalments[quote->count++] = i + 1;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            quote->owed[c] =
                money_add(quote->owed[c], instalment_owed(instalment, (enum component)c));
        quote->total = money_add(quote->total, instalment_left(instalment));
    }
}

void quote_settle(const struct terms *terms, const struct contract_state *state, struct day day,
    struct settle_quote *quote) {
    struct contract_state then;
    state_on(terms, state, day, &then);
    memset(quote, 0, offsetof(struct settle_quote, lines));
    quote->day = then.day;
    quote->possible = then.status == CONTRACT_ACTIVE;
    if (!quote->possible)
        return;
    struct settle_keep keep[INSTALMENTS_MAX];
    settle_keep(terms, &then, keep);
    struct contract_state cancelled;
    contract_copy(&cancelled, &then);
    settle_cancel(&cancelled, keep);
    for (int32_t i = 0; i < then.instalment_count; i++) {
        const struct instalment *instalment = &cancelled.instalments[i];
        if (!day_is_none(instalment->settled_day))
            continue;
        struct settle_line *line = &quote->lines[quote->count++];
        *line = (struct settle_line){0};
        line->instalment = i + 1;
        for (int c = 0; c < COMPONENT_COUNT; c++)
            line->owed[c] = instalment_owed(instalment, (enum component)c);
        line->saved =
            money_subtract(instalment_left(&then.instalments[i]), instalment_left(instalment));
        quote->principal = money_add(quote->principal, line->owed[COMPONENT_PRINCIPAL]);
        quote->interest = money_add(quote->interest, line->owed[COMPONENT_INTEREST]);
        quote->fee = money_add(quote->fee, line->owed[COMPONENT_FEE]);
        quote->penalty = money_add(quote->penalty, line->owed[COMPONENT_PENALTY]);
        quote->saved = money_add(quote->saved, line->saved);
        quote->early_fee =
            money_add(quote->early_fee, money_min(keep[i].early_fee, line->owed[COMPONENT_FEE]));
    }
    quote->total = settle_total(&then, keep);
}

enum contract_refusal quote_payment(const struct terms *terms, const struct contract_state *state,
    struct day day, struct money amount, enum payment_target target, int32_t instalment,
    struct contract_state *after, struct contract_update *update) {
    struct contract_event event = {
        .kind = EVENT_PAYMENT_SETTLED,
        .sequence = state->last_sequence + 1,
        .day = day,
        .amount = amount,
        .target = target,
        .instalment = instalment,
    };
    contract_copy(after, state);
    return contract_step(terms, after, &event, update);
}

void quote_extension(const struct terms *terms, const struct contract_state *state, struct day day,
    int32_t number, int32_t days, struct extension_quote *quote) {
    struct contract_event event = {
        .kind = EVENT_EXTENSION_GRANTED,
        .sequence = state->last_sequence + 1,
        .day = day,
        .instalment = number,
        .days = days,
    };
    struct contract_state after;
    struct contract_update update;
    contract_copy(&after, state);
    memset(quote, 0, sizeof *quote);
    quote->new_due_day = DAY_NONE;
    quote->refusal = contract_step(terms, &after, &event, &update);
    if (quote->refusal != CONTRACT_OK)
        return;
    struct contract_state then;
    state_on(terms, state, day, &then);
    const struct instalment *instalment = &then.instalments[number - 1];
    quote->new_due_day = day_add(instalment->due_day, days);
    quote->left = instalment_left(instalment);
    quote->cost = extension_cost(terms, &then, number, days, &quote->days_gained);
}

struct money quote_further_day(
    const struct terms *terms, const struct contract_state *state, struct day day) {
    struct contract_state then;
    state_on(terms, state, day, &then);
    if (then.status == CONTRACT_NEW)
        return MONEY_ZERO;
    struct money today = contract_left(&then);
    contract_advance(terms, &then, day_add(then.day, 1));
    return money_subtract(contract_left(&then), today);
}

/* Makes *first the earlier of itself and `candidate`, when that lies after `day`. */
static void consider(struct day *first, struct day day, struct day candidate) {
    if (day_compare(candidate, day) > 0 &&
        (day_is_none(*first) || day_compare(candidate, *first) < 0))
        *first = candidate;
}

struct day next_action_day(
    const struct terms *terms, const struct contract_state *state, struct day day) {
    struct day first = DAY_NONE;
    struct day oldest = DAY_NONE;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (!day_is_none(instalment->settled_day))
            continue;
        struct day due_day = instalment->due_day;
        consider(&first, day, day_add(due_day, -terms->notice_days));
        consider(&first, day, due_day);
        consider(&first, day, day_add(due_day, 1));
        consider(&first, day, day_add(due_day, terms->penalty.grace_days + 1));
        if (days_between(due_day, day) < terms->retry_days)
            consider(&first, day, day_compare(day, due_day) < 0 ? due_day : day_add(day, 1));
        if (day_is_none(oldest) || day_compare(due_day, oldest) < 0)
            oldest = due_day;
    }
    for (int bucket = BUCKET_M1; bucket < BUCKET_COUNT && !day_is_none(oldest); bucket++)
        consider(&first, day, day_add(oldest, bucket_first_day((enum bucket)bucket)));
    return first;
}
