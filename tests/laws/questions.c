/*
 * questions.c: laws of what a contract answers at the end of a life. Exports life_ask() of laws.h.
 */
#include "engine/delinquency.h"
#include "engine/encoding.h"
#include "engine/explain.h"
#include "engine/quote.h"
#include "law_holds.h"

#include <string.h>

static void hold_time(const struct life *life, struct dice *dice) {
    static struct contract_state slow;
    contract_copy(&slow, &life->state);
    static struct contract_state fast;
    contract_copy(&fast, &life->state);
    int32_t days = (int32_t)roll(dice, 1, 120);
    for (int32_t d = 1; d <= days; d++)
        contract_advance(&life->terms, &slow, day_add(life->state.day, d));
    contract_advance(&life->terms, &fast, day_add(life->state.day, days));
    LAW_HOLDS(TIME, same_state(&slow, &fast));
}

static void hold_explanations(const struct life *life, struct day day) {
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

static void hold_quotes(const struct life *life, struct day day) {
    static struct due_quote due;
    static struct contract_state after;
    static struct contract_update update;
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
        LAW_HOLDS(QUOTE, after.status != CONTRACT_ACTIVE && contract_left(&after).fen == 0 &&
                             after.overpaid.fen == life->state.overpaid.fen);
    int64_t further = quote_further_day(terms, &life->state, day).fen;
    quote_due(terms, &life->state, day, &due);
    int64_t today = due.left.fen;
    quote_due(terms, &life->state, day_add(day, 1), &due);
    LAW_HOLDS(QUOTE, further == due.left.fen - today && further >= 0);
}

/* An extension moves the day and costs what its quote said. */
static void hold_extension(const struct life *life, struct dice *dice, struct day day) {
    struct extension_quote quote;
    int32_t number = (int32_t)roll(dice, 1, life->terms.instalment_count);
    int32_t days = (int32_t)roll(dice, 1, 40);
    struct contract_event event = {
        .kind = EVENT_EXTENSION_GRANTED,
        .sequence = life->state.last_sequence + 1,
        .day = day,
        .instalment = number,
        .days = days,
    };
    quote_extension(&life->terms, &life->state, day, number, days, &quote);
    static struct contract_state after;
    contract_copy(&after, &life->state);
    static struct contract_update update;
    enum contract_refusal refusal = contract_step(&life->terms, &after, &event, &update);
    LAW_HOLDS(QUOTE, refusal == quote.refusal);
    if (refusal != CONTRACT_OK)
        return;
    const struct instalment *moved = &after.instalments[number - 1];
    const struct instalment *old = &life->state.instalments[number - 1];
    LAW_HOLDS(QUOTE, day_compare(moved->due_day, quote.new_due_day) == 0);
    LAW_HOLDS(QUOTE,
        moved->charged[COMPONENT_FEE].fen - old->charged[COMPONENT_FEE].fen == quote.cost.fen);
}

static void hold_more_is_less(const struct life *life, struct dice *dice, struct day day) {
    static struct contract_state after;
    static struct contract_update update;
    enum payment_target target = (enum payment_target)roll(dice, 0, TARGET_COUNT - 1);
    int32_t number =
        target == TARGET_INSTALMENT ? (int32_t)roll(dice, 1, life->terms.instalment_count) : 0;
    int64_t amount = roll(dice, 1, contract_left(&life->state).fen + 2);
    int64_t more = amount + roll(dice, 1, 1000);
    if (quote_payment(&life->terms, &life->state, day, money_fen(amount), target, number, &after,
            &update) != CONTRACT_OK)
        return;
    int64_t left = contract_left(&after).fen;
    if (quote_payment(&life->terms, &life->state, day, money_fen(more), target, number, &after,
            &update) == CONTRACT_OK)
        LAW_HOLDS(MORE, contract_left(&after).fen <= left);
}

static void hold_encodings(const struct life *life, struct dice *dice) {
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
    bytes[roll(dice, 0, (int64_t)length - 1)] ^= (uint8_t)roll(dice, 1, 255);
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
static void hold_action_days(const struct life *life) {
    static struct contract_state state;
    contract_copy(&state, &life->state);
    struct day day = state.day;
    for (int step = 0; step < 6; step++) {
        struct day next = next_action_day(&life->terms, &state, day);
        struct day stop = day_is_none(next) ? day_add(day, 400) : day_add(next, -1);
        enum bucket bucket = bucket_of_days(days_past_due(&state, day));
        LAW_HOLDS(ACTION, bucket == bucket_of_days(days_past_due(&state, stop)));
        static struct contract_state then;
        contract_copy(&then, &state);
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

void life_ask(struct life *life, struct dice *dice) {
    struct day day = day_add(life->state.day, (int32_t)roll(dice, 0, 60));
    hold_time(life, dice);
    hold_explanations(life, life->state.day);
    hold_explanations(life, day);
    hold_quotes(life, day);
    hold_extension(life, dice, day);
    hold_more_is_less(life, dice, day);
    hold_encodings(life, dice);
    hold_action_days(life);
}
