/*
 * laws.c: laws that the events of a life decide. Exports what laws.h declares but life_ask().
 */
#include "laws.h"

#include "../cases/event_words.h"
#include "../cases/term_words.h"
#include "engine/cap.h"
#include "engine/encoding.h"
#include "engine/schedule.h"
#include "law_holds.h"

#include <string.h>

const char *law_text(enum law law) {
    static const char *const texts[LAW_COUNT] = {
#define LAW(name, text) text,
        LAWS(LAW)
#undef LAW
    };
    return texts[law];
}

bool same_state(const struct contract_state *a, const struct contract_state *b) {
    static uint8_t one[STATE_BYTES_MAX];
    static uint8_t two[STATE_BYTES_MAX];
    size_t length = contract_state_encode(a, one, sizeof one);
    return contract_state_encode(b, two, sizeof two) == length && memcmp(one, two, length) == 0;
}

static void hold_plan(const struct life *life) {
    const struct terms *terms = &life->terms;
    static struct schedule schedule;
    schedule_build(terms, &schedule);
    int64_t sum = 0;
    bool sound = true;
    for (int32_t i = 0; i < schedule.count; i++) {
        const struct schedule_row *row = &schedule.rows[i];
        sum += row->principal.fen;
        sound = sound && row->principal.fen >= 0 && row->interest.fen >= 0 && row->fee.fen >= 0 &&
                (row->kind != INSTALMENT_REGULAR ||
                    day_compare(row->period.start, row->period.end) < 0);
    }
    LAW_HOLDS(PLAN_SUMS, sound && sum == terms->principal.fen);
    LAW_HOLDS(
        PLAN_SUMS, contract_left(&life->state).fen == sum + schedule_total_cost(&schedule).fen);
}

static void hold_amounts(const struct life *life) {
    const struct contract_state *state = &life->state;
    int64_t paid = 0;
    int64_t principal = 0;
    bool sound = true;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *part = &state->instalments[i];
        for (int c = 0; c < COMPONENT_COUNT; c++) {
            sound = sound && part->paid[c].fen >= 0 && part->waived[c].fen >= 0 &&
                    instalment_owed(part, (enum component)c).fen >= 0;
            paid += part->paid[c].fen;
        }
        principal += part->paid[COMPONENT_PRINCIPAL].fen + part->waived[COMPONENT_PRINCIPAL].fen -
                     part->charged_back[COMPONENT_PRINCIPAL].fen;
        sound = sound && day_is_none(part->settled_day) == (instalment_left(part).fen > 0);
    }
    LAW_HOLDS(NOTHING_NEGATIVE, sound && state->overpaid.fen >= 0 && state->rebated.fen >= 0);
    int64_t received = 0;
    for (int s = 0; s < SOURCE_COUNT; s++)
        received += state->received[s].fen;
    LAW_HOLDS(CONSERVATION, received == paid + state->overpaid.fen);
    LAW_HOLDS(CONSERVATION, principal + contract_principal_left(state).fen == state->drawn.fen);
}

/* What the books must show, computed from the state another way than the engine does. */
static int64_t unpaid_recognised(const struct contract_state *state, enum component component) {
    int64_t sum = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *part = &state->instalments[i];
        if (day_compare(part->scheduled_day, state->day) <= 0)
            sum += instalment_owed(part, component).fen;
    }
    return sum;
}

/* Not charged off, written off or sold: the debt is an asset of the books. */
static bool is_kept(const struct contract_state *state) {
    return day_is_none(state->charged_off_day) && state->status != CONTRACT_WRITTEN_OFF &&
           state->status != CONTRACT_SOLD;
}

static void hold_books(struct life *life, const struct contract_update *update) {
    struct entry entry;
    entry_begin(&entry, 1, (int64_t)life->count, life->state.day);
    for (int32_t i = 0; i < update->movement_count; i++)
        entry_post(
            &entry, (enum posting_rule)update->movements[i].movement, update->movements[i].amount);
    if (entry.line_count > 0) {
        LAW_HOLDS(BOOKS, entry_balanced(&entry));
        trial_balance_add(&life->balance, &entry);
    }
    const struct trial_balance *balance = &life->balance;
    const struct contract_state *state = &life->state;
    LAW_HOLDS(BOOKS, trial_balance_is_even(balance));
    LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_PAYMENT_CLEARING).fen == 0);
    if (is_kept(state))
        LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_PRINCIPAL_RECEIVABLE).fen ==
                             contract_principal_left(state).fen);
    if (life->usual) {
        LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_INTEREST_RECEIVABLE).fen ==
                             unpaid_recognised(state, COMPONENT_INTEREST));
        LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_FEE_RECEIVABLE).fen ==
                             unpaid_recognised(state, COMPONENT_FEE));
    }
    LAW_HOLDS(BOOKS, -trial_balance_net(balance, ACCOUNT_CUSTOMER_CREDIT).fen ==
                         state->overpaid.fen + state->refund_to_customer.fen + state->rebated.fen -
                             state->received[SOURCE_CREDIT_BALANCE].fen);
}

static void hold_update(const struct contract_state *before, const struct contract_state *after,
    const struct contract_update *update) {
    int64_t left = contract_left(before).fen;
    int64_t credit = 0;
    for (int32_t i = 0; i < update->paid_count; i++)
        left -= update->paid[i].amount.fen;
    for (int32_t i = 0; i < update->waived_count; i++)
        left -= update->waived[i].amount.fen;
    int64_t charged = 0;
    for (int32_t i = 0; i < after->instalment_count || i < before->instalment_count; i++)
        for (int c = 0; c < COMPONENT_COUNT; c++)
            charged += (i < after->instalment_count ? after->instalments[i].charged[c].fen : 0) -
                       (i < before->instalment_count ? before->instalments[i].charged[c].fen : 0);
    LAW_HOLDS(UPDATE, left + charged == contract_left(after).fen);
    credit += after->overpaid.fen + after->refund_to_customer.fen + after->rebated.fen;
    credit -= before->overpaid.fen + before->refund_to_customer.fen + before->rebated.fen;
    LAW_HOLDS(UPDATE, credit == update->surplus.fen);
}

static void hold_cap(const struct life *life) {
    const struct terms *terms = &life->terms;
    const struct contract_state *state = &life->state;
    if (terms->all_in_cap.per_billion == 0)
        return;
    int64_t cost = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *part = &state->instalments[i];
        for (int c = 0; c < COMPONENT_PRINCIPAL; c++)
            cost += part->paid[c].fen;
        /* Re-ageing brings penalty from rows whose allowance it leaves behind. */
        if (life->usual)
            LAW_HOLDS(CAP, part->charged[COMPONENT_PENALTY].fen <=
                               cap_charge_limit(part->overdue_allowance).fen);
    }
    if (state->status == CONTRACT_SETTLED || state->status == CONTRACT_REFUNDED)
        LAW_HOLDS(CAP,
            cost - state->rebated.fen <= cap_cost_limit(terms, state->principal_allowance).fen);
}

/* The life without its reversed payments: each of the pair replaced by the passing of its day. */
static void hold_reversals(const struct life *life) {
    static struct contract_event events[EVENTS_MAX];
    bool any = false;
    memcpy(events, life->events, life->count * sizeof events[0]);
    for (size_t i = 0; i < life->count; i++) {
        if (events[i].kind != EVENT_REVERSED)
            continue;
        any = true;
        struct contract_event *paid = &events[events[i].reversed_sequence - 1];
        *paid = (struct contract_event){
            .kind = EVENT_DAY_REACHED, .sequence = paid->sequence, .day = paid->day};
        events[i] = (struct contract_event){
            .kind = EVENT_DAY_REACHED, .sequence = events[i].sequence, .day = events[i].day};
    }
    static struct contract_state never;
    contract_replay(&life->terms, events, life->count, &never);
    if (any)
        LAW_HOLDS(REVERSAL, same_state(&never, &life->state));
}

static bool are_usual(const struct terms *terms) {
    return terms->method <= METHOD_FEE_PER_PERIOD && terms->interest_on == INTEREST_ON_PLAN &&
           terms->period_unit == PERIOD_MONTH && terms->due_roll == ROLL_NONE &&
           terms->rate_step_count == 0 && terms->charge_count == 0 &&
           terms->down_payment.per_billion == 0 && terms->subsidy.share.per_billion == 0 &&
           terms->drawdown_limit.fen == 0 && terms->recognition == RECOGNISED_WHEN_DUE &&
           terms->non_accrual_days == 0 && terms->override_count == 0;
}

static bool is_usual(const struct contract_event *event) {
    return event->kind <= EVENT_DAY_REACHED &&
           (event->kind != EVENT_PAYMENT_SETTLED ||
               (event->source <= SOURCE_CREDIT_BALANCE && event->target <= TARGET_SETTLE));
}

void life_begin(struct life *life, const struct terms *terms, bool replays_each) {
    life->terms = *terms;
    life->count = 0;
    memset(&life->balance, 0, sizeof life->balance);
    life->replays_each = replays_each;
    life->usual = are_usual(terms);
    contract_new(&life->state);
    struct contract_event event = {.kind = EVENT_ACTIVATED, .sequence = 1, .day = terms->start_day};
    static struct contract_update update;
    contract_step(&life->terms, &life->state, &event, &update);
    life->events[life->count++] = event;
    hold_plan(life);
    hold_books(life, &update);
}

static void hold_replay(const struct life *life) {
    static struct contract_state again;
    contract_replay(&life->terms, life->events, life->count, &again);
    LAW_HOLDS(REPLAY, same_state(&again, &life->state));
}

enum contract_refusal life_happen(struct life *life, const struct contract_event *event) {
    static struct contract_state before;
    static struct contract_update update;
    contract_copy(&before, &life->state);
    enum contract_refusal refusal = contract_step_with_history(
        &life->terms, life->events, life->count, &life->state, event, &update);
    if (refusal != CONTRACT_OK) {
        LAW_HOLDS(REFUSAL, same_state(&before, &life->state));
        return refusal;
    }
    life->events[life->count++] = *event;
    life->usual = life->usual && is_usual(event);
    if (life->replays_each)
        hold_replay(life);
    hold_amounts(life);
    hold_update(&before, &life->state, &update);
    hold_books(life, &update);
    hold_cap(life);
    return refusal;
}

void life_end(struct life *life) {
    hold_replay(life);
    hold_reversals(life);
}

void life_print(FILE *out, const struct life *life, const char *name, const char *prefix) {
    fprintf(out, "%scase %s\n%sterms", prefix, name, prefix);
    print_terms(out, &life->terms);
    /* The first event, activation, comes by itself. */
    for (size_t i = 1; i < life->count; i++) {
        fprintf(out, "\n%s", prefix);
        print_event(out, &life->events[i]);
    }
    fputc('\n', out);
}
