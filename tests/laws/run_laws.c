/*
 * run_laws.c: laws that hold for every contract's life, tried on seeded random ones; prints TAP.
 *
 * Usage: run_laws [LIVES [FIRST_SEED]]. A broken law is told with the seed of its life; the same
 * seed as FIRST_SEED with LIVES 1 shows it again.
 */
#include "engine/cap.h"
#include "engine/delinquency.h"
#include "engine/encoding.h"
#include "engine/explain.h"
#include "engine/quote.h"
#include "engine/schedule.h"
#include "generate.h"
#include "ledger/trial_balance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 40, LIVES_BY_DEFAULT = 3000, TOLD_MAX = 3 };

#define LAWS(LAW)                                                                                  \
    LAW(PLAN_SUMS, "the plan's principals are the principal, none negative")                       \
    LAW(REPLAY, "replaying all events gives the state kept step by step")                          \
    LAW(NOTHING_NEGATIVE, "nothing owed, paid or waived is negative")                              \
    LAW(CONSERVATION, "received = paid + overpaid; lent = paid + returned + owed")                 \
    LAW(BOOKS, "every entry balances and the books say what the state says")                       \
    LAW(UPDATE, "an update's lines are the difference of the states")                              \
    LAW(REFUSAL, "a refused event changes nothing")                                                \
    LAW(REVERSAL, "a payment that is reversed was never made")                                     \
    LAW(TIME, "day by day is the same as at once")                                                 \
    LAW(MORE, "paying more never leaves more owed")                                                \
    LAW(QUOTE, "what a quote says is what is charged")                                             \
    LAW(CAP, "the cap holds over everything charged")                                              \
    LAW(EXPLAINED, "explanations add up")                                                          \
    LAW(ENCODING, "encodings come back, broken ones are refused")                                  \
    LAW(ACTION, "nothing crosses between two action days")

enum law {
#define LAW(name, text) LAW_##name,
    LAWS(LAW)
#undef LAW
};
enum { LAW_COUNT = LAW_ACTION + 1 };

static const char *const law_texts[LAW_COUNT] = {
#define LAW(name, text) text,
    LAWS(LAW)
#undef LAW
};

static struct {
    long held[LAW_COUNT];
    long broken[LAW_COUNT];
    uint64_t seed;
} laws;

static void law(enum law which, bool holds, int line) {
    if (holds) {
        laws.held[which]++;
        return;
    }
    if (laws.broken[which]++ < TOLD_MAX)
        printf("# seed %llu line %d: %s\n", (unsigned long long)laws.seed, line, law_texts[which]);
}
#define LAW_HOLDS(which, condition) law(LAW_##which, (condition), __LINE__)

struct life {
    struct dice dice;
    struct terms terms;
    struct contract_state state;
    struct contract_event events[EVENTS_MAX];
    size_t count;
    struct trial_balance balance;
};

static bool same_state(const struct contract_state *a, const struct contract_state *b) {
    static uint8_t one[STATE_BYTES_MAX];
    static uint8_t two[STATE_BYTES_MAX];
    size_t length = contract_state_encode(a, one, sizeof one);
    return contract_state_encode(b, two, sizeof two) == length && memcmp(one, two, length) == 0;
}

static void hold_plan(const struct terms *terms) {
    struct schedule schedule;
    schedule_build(terms, &schedule);
    int64_t sum = 0;
    bool sound = true;
    for (int32_t i = 0; i < schedule.count; i++) {
        const struct schedule_row *row = &schedule.rows[i];
        sum += row->principal.fen;
        sound = sound && row->principal.fen >= 0 && row->interest.fen >= 0 && row->fee.fen >= 0 &&
                day_compare(row->period_start, row->due_day) < 0;
    }
    LAW_HOLDS(PLAN_SUMS, sound && sum == terms->principal.fen);
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
        principal += part->paid[COMPONENT_PRINCIPAL].fen + part->waived[COMPONENT_PRINCIPAL].fen;
        sound = sound && day_is_none(part->settled_day) == (instalment_left(part).fen > 0);
    }
    LAW_HOLDS(NOTHING_NEGATIVE, sound && state->overpaid.fen >= 0 && state->rebated.fen >= 0);
    LAW_HOLDS(CONSERVATION, state->received_from_channel.fen + state->received_from_credit.fen ==
                                paid + state->overpaid.fen);
    LAW_HOLDS(
        CONSERVATION, principal + contract_principal_left(state).fen == life->terms.principal.fen);
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
    LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_PRINCIPAL_RECEIVABLE).fen ==
                         contract_principal_left(state).fen);
    LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_INTEREST_RECEIVABLE).fen ==
                         unpaid_recognised(state, COMPONENT_INTEREST));
    LAW_HOLDS(BOOKS, trial_balance_net(balance, ACCOUNT_FEE_RECEIVABLE).fen ==
                         unpaid_recognised(state, COMPONENT_FEE));
    LAW_HOLDS(BOOKS, -trial_balance_net(balance, ACCOUNT_CUSTOMER_CREDIT).fen ==
                         state->overpaid.fen + state->refund_to_customer.fen + state->rebated.fen -
                             state->received_from_credit.fen);
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
    for (int32_t i = 0; i < after->instalment_count; i++)
        for (int c = 0; c < COMPONENT_COUNT; c++)
            charged += after->instalments[i].charged[c].fen - before->instalments[i].charged[c].fen;
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
        LAW_HOLDS(CAP, part->charged[COMPONENT_PENALTY].fen <=
                           cap_charge_limit(terms, part->overdue_time).fen);
    }
    if (state->status != CONTRACT_ACTIVE)
        LAW_HOLDS(
            CAP, cost - state->rebated.fen <= cap_cost_limit(terms, state->principal_time).fen);
}

static void hold_time(struct life *life) {
    struct contract_state slow = life->state;
    struct contract_state fast = life->state;
    int32_t days = (int32_t)roll(&life->dice, 1, 120);
    for (int32_t d = 1; d <= days; d++)
        contract_advance(&life->terms, &slow, day_add(life->state.day, d));
    contract_advance(&life->terms, &fast, day_add(life->state.day, days));
    LAW_HOLDS(TIME, same_state(&slow, &fast));
}

static void hold_explanations(struct life *life, struct day day) {
    static struct due_quote due;
    quote_due(&life->terms, &life->state, day, &due);
    struct explanation why;
    int64_t left = 0;
    for (int32_t i = 1; i <= due.count; i++) {
        explain_instalment(&life->terms, &life->state, day, i, &why);
        LAW_HOLDS(EXPLAINED, why.total.fen == due.instalments[i - 1].left.fen);
        left += why.total.fen;
    }
    LAW_HOLDS(EXPLAINED, left == due.left.fen);
    LAW_HOLDS(EXPLAINED, due.owed_now.fen == due.overdue.fen + due.due.fen);
    struct settle_quote settle;
    quote_settle(&life->terms, &life->state, day, &settle);
    explain_settle(&life->terms, &life->state, day, &why);
    LAW_HOLDS(EXPLAINED, why.total.fen == settle.total.fen);
    LAW_HOLDS(EXPLAINED, settle.total.fen == settle.principal.fen + settle.interest.fen +
                                                 settle.fee.fen + settle.penalty.fen);
    LAW_HOLDS(EXPLAINED, settle.total.fen + settle.saved.fen == due.left.fen);
}

static void hold_quotes(struct life *life, struct day day) {
    static struct due_quote due;
    struct contract_state after;
    struct contract_update update;
    const struct terms *terms = &life->terms;
    quote_due(terms, &life->state, day, &due);
    if (due.owed_now.fen > 0 && quote_payment(terms, &life->state, day, due.owed_now, TARGET_DUE, 0,
                                    &after, &update) == CONTRACT_OK) {
        LAW_HOLDS(QUOTE, update.surplus.fen == after.rebated.fen - life->state.rebated.fen);
        quote_due(terms, &after, day, &due);
        LAW_HOLDS(QUOTE, due.owed_now.fen == 0 && due.days_overdue == 0);
    }
    struct settle_quote settle;
    quote_settle(terms, &life->state, day, &settle);
    if (settle.total.fen > 0 && quote_payment(terms, &life->state, day, settle.total, TARGET_SETTLE,
                                    0, &after, &update) == CONTRACT_OK)
        LAW_HOLDS(QUOTE, after.status == CONTRACT_SETTLED && contract_left(&after).fen == 0 &&
                             after.overpaid.fen == life->state.overpaid.fen);
    int64_t further = quote_further_day(terms, &life->state, day).fen;
    quote_due(terms, &life->state, day, &due);
    int64_t today = due.left.fen;
    quote_due(terms, &life->state, day_add(day, 1), &due);
    LAW_HOLDS(QUOTE, further == due.left.fen - today && further >= 0);
}

static void hold_more_is_less(struct life *life, struct day day) {
    struct contract_state after;
    struct contract_update update;
    enum payment_target target = (enum payment_target)roll(&life->dice, 0, TARGET_COUNT - 1);
    int32_t number = target == TARGET_INSTALMENT
                         ? (int32_t)roll(&life->dice, 1, life->terms.instalment_count)
                         : 0;
    int64_t amount = roll(&life->dice, 1, contract_left(&life->state).fen + 2);
    int64_t more = amount + roll(&life->dice, 1, 1000);
    if (quote_payment(&life->terms, &life->state, day, money_fen(amount), target, number, &after,
            &update) != CONTRACT_OK)
        return;
    int64_t left = contract_left(&after).fen;
    if (quote_payment(&life->terms, &life->state, day, money_fen(more), target, number, &after,
            &update) == CONTRACT_OK)
        LAW_HOLDS(MORE, contract_left(&after).fen <= left);
}

/* The life without its reversed payments: each of the pair replaced by the passing of its day. */
static void hold_reversals(const struct life *life) {
    static struct contract_event events[EVENTS_MAX];
    bool any = false;
    memcpy(events, life->events, life->count * sizeof events[0]);
    for (size_t i = 0; i < life->count; i++) {
        if (events[i].kind != EVENT_PAYMENT_REVERSED)
            continue;
        any = true;
        struct contract_event *paid = &events[events[i].reversed_sequence - 1];
        *paid = (struct contract_event){
            .kind = EVENT_DAY_REACHED, .sequence = paid->sequence, .day = paid->day};
        events[i] = (struct contract_event){
            .kind = EVENT_DAY_REACHED, .sequence = events[i].sequence, .day = events[i].day};
    }
    struct contract_state never;
    contract_replay(&life->terms, events, life->count, &never);
    if (any)
        LAW_HOLDS(REVERSAL, same_state(&never, &life->state));
}

static void hold_encodings(struct life *life) {
    static uint8_t bytes[STATE_BYTES_MAX];
    static uint8_t again[STATE_BYTES_MAX];
    static struct contract_state state;
    struct terms terms;
    size_t length = terms_encode(&life->terms, bytes, TERMS_BYTES_MAX);
    LAW_HOLDS(ENCODING, length > 0 && terms_decode(bytes, length, &terms));
    LAW_HOLDS(ENCODING,
        terms_encode(&terms, again, sizeof again) == length && memcmp(bytes, again, length) == 0);
    LAW_HOLDS(ENCODING, !terms_decode(bytes, length - 1, &terms));
    LAW_HOLDS(ENCODING, terms_encode(&life->terms, again, length - 1) == 0);
    length = contract_state_encode(&life->state, bytes, sizeof bytes);
    LAW_HOLDS(ENCODING, length > 0 && contract_state_decode(bytes, length, &state));
    LAW_HOLDS(ENCODING, same_state(&state, &life->state));
    LAW_HOLDS(ENCODING, !contract_state_decode(bytes, length - 1, &state));
    /* A changed byte is refused, or it is another state whose bytes are these. */
    bytes[roll(&life->dice, 0, (int64_t)length - 1)] ^= (uint8_t)roll(&life->dice, 1, 255);
    if (contract_state_decode(bytes, length, &state))
        LAW_HOLDS(ENCODING, contract_state_encode(&state, again, sizeof again) == length &&
                                memcmp(bytes, again, length) == 0);
    const struct contract_event *event = &life->events[life->count - 1];
    struct contract_event back;
    length = contract_event_encode(event, bytes, EVENT_BYTES_MAX);
    LAW_HOLDS(ENCODING, length > 0 && contract_event_decode(bytes, length, &back));
    LAW_HOLDS(ENCODING, contract_event_encode(&back, again, sizeof again) == length &&
                            memcmp(bytes, again, length) == 0);
}

/* Between two action days states and buckets stand still (the due window is for show). */
static void hold_action_days(struct life *life) {
    struct contract_state state = life->state;
    struct day day = state.day;
    for (int step = 0; step < 6; step++) {
        struct day next = next_action_day(&life->terms, &state, day);
        struct day stop = day_is_none(next) ? day_add(day, 400) : day_add(next, -1);
        enum bucket bucket = bucket_of_days(days_past_due(&state, day));
        LAW_HOLDS(ACTION, bucket == bucket_of_days(days_past_due(&state, stop)));
        struct contract_state then = state;
        contract_advance(&life->terms, &then, stop);
        for (int32_t i = 0; i < state.instalment_count; i++)
            LAW_HOLDS(ACTION, (then.instalments[i].state == INSTALMENT_OVERDUE) ==
                                  (day_compare(day, state.instalments[i].due_day) > 0 &&
                                      day_is_none(state.instalments[i].settled_day)));
        if (day_is_none(next))
            return;
        day = next;
        contract_advance(&life->terms, &state, day);
    }
}

static void step(struct life *life) {
    struct contract_event event =
        random_event(&life->dice, &life->terms, &life->state, life->events, life->count);
    struct contract_state before = life->state;
    struct contract_update update;
    enum contract_refusal refusal = contract_step_with_history(
        &life->terms, life->events, life->count, &life->state, &event, &update);
    if (refusal != CONTRACT_OK) {
        LAW_HOLDS(REFUSAL, memcmp(&before, &life->state, sizeof before) == 0);
        return;
    }
    life->events[life->count++] = event;
    struct contract_state again;
    contract_replay(&life->terms, life->events, life->count, &again);
    LAW_HOLDS(REPLAY, same_state(&again, &life->state));
    hold_amounts(life);
    hold_update(&before, &life->state, &update);
    hold_books(life, &update);
    hold_cap(life);
}

static void live(uint64_t seed) {
    static struct life life;
    memset(&life, 0, sizeof life);
    laws.seed = seed;
    life.dice = dice_of(seed);
    life.terms = random_terms(&life.dice);
    contract_new(&life.state);
    hold_plan(&life.terms);
    struct contract_event event = {
        .kind = EVENT_ACTIVATED, .sequence = 1, .day = life.terms.start_day};
    struct contract_update update;
    contract_step(&life.terms, &life.state, &event, &update);
    life.events[life.count++] = event;
    hold_books(&life, &update);
    int64_t steps = roll(&life.dice, 1, EVENTS_MAX - 1);
    for (int64_t i = 0; i < steps && life.count < EVENTS_MAX; i++)
        step(&life);
    struct day day = day_add(life.state.day, (int32_t)roll(&life.dice, 0, 60));
    hold_time(&life);
    hold_explanations(&life, day);
    hold_quotes(&life, day);
    hold_more_is_less(&life, day);
    hold_reversals(&life);
    hold_encodings(&life);
    hold_action_days(&life);
}

int main(int count, char **arguments) {
    long lives = count > 1 ? strtol(arguments[1], NULL, 10) : LIVES_BY_DEFAULT;
    uint64_t first = count > 2 ? strtoull(arguments[2], NULL, 10) : 1;
    for (long i = 0; i < lives; i++)
        live(first + (uint64_t)i);
    bool all = true;
    for (int which = 0; which < LAW_COUNT; which++) {
        /* A law that was never tried is as bad as one that was broken. */
        bool holds = laws.broken[which] == 0 && laws.held[which] > 0;
        all = all && holds;
        printf("%s %d - %s (%ld times in %ld lives)\n", holds ? "ok" : "not ok", which + 1,
            law_texts[which], laws.held[which], lives);
    }
    printf("1..%d\n", LAW_COUNT);
    return all ? 0 : 1;
}
