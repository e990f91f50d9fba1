/*
 * verify_payments.c: every payment's life held against contracts and journal.
 *
 * What must hold, payment by payment: the journal moved exactly its amount when the money came (or
 * went, for a refund) and nothing otherwise; its parts add up to it; a part that became an event
 * belongs to a payment that succeeded, and each payment or refund event of a contract to one part
 * of the same amount; its last step is its state; instalments are held by payments on their way,
 * and by those only; no money of a channel moved without a payment.
 */
#include "channel/channel.h"
#include "engine/encoding.h"
#include "service/books_check.h"
#include "store/payment.h"

#include <inttypes.h>
#include <stdlib.h>

/* A part of a payment that became an event of a contract. */
struct settled {
    int64_t customer_id, contract_id;
    int32_t sequence;
    struct money amount;
    bool found; /* the event */
};

struct walk {
    struct check *check;
    struct payment *payments;
    size_t payment_count;
    struct settled *settled;
    size_t settled_count, settled_room;
};

static struct name name_of_payment(const struct payment *payment) {
    bool refund = payment->entry == PAYMENT_ENTRY_REFUND;
    return name_of(
        refund ? PUBLIC_REFUND : PUBLIC_PAYMENT, payment->customer_id, payment->payment_id);
}

/* ---- one payment ---- */

/* What a payment must have moved: in at the channel, out of the credit balance. */
struct moved {
    struct money channel, credit;
};

static struct moved expected_of(const struct payment *payment) {
    struct moved moved = {MONEY_ZERO, MONEY_ZERO};
    bool succeeded = payment->state == PAYMENT_SUCCEEDED;
    if (payment->entry == PAYMENT_ENTRY_REFUND && payment->method == PAY_BY_NOTHING) {
        moved.credit = money_negate(payment->excess); /* a shop's: less debt, the rest credit */
    } else if (payment->entry == PAYMENT_ENTRY_REFUND) {
        if (succeeded)
            moved.channel = money_negate(payment->amount);
        if (succeeded || !payment_is_final(payment->state))
            moved.credit = payment->amount;
    } else if (payment->channel == CHANNEL_CREDIT_BALANCE) {
        if (succeeded)
            moved.credit = payment->amount;
    } else if (succeeded || money_is_positive(payment->excess)) {
        moved.channel = payment->amount; /* money that came after the end is all excess */
    }
    return moved;
}

static struct source_sums *find_source(
    const struct check *check, int64_t customer_id, int64_t source_id) {
    size_t low = 0, high = check->source_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct source_sums *at = &check->sources[middle];
        if (at->customer_id < customer_id ||
            (at->customer_id == customer_id && at->source_id < source_id))
            low = middle + 1;
        else
            high = middle;
    }
    struct source_sums *found = &check->sources[low];
    return low < check->source_count && found->customer_id == customer_id &&
                   found->source_id == source_id
               ? found
               : NULL;
}

static void check_journal(const struct check *check, const struct payment *payment) {
    static struct source_sums nothing;
    struct source_sums *sums = find_source(check, payment->customer_id, payment->payment_id);
    struct moved expected = expected_of(payment);
    if (sums != NULL)
        sums->explained = true;
    else
        sums = &nothing;
    if (sums->channel != expected.channel.fen)
        differ(check, "%s: the journal has %" PRId64 " fen at the channel, not %" PRId64,
            name_of_payment(payment).text, sums->channel, expected.channel.fen);
    /* Beside a payment through a channel the balance moves with its contract: verify_derived. */
    bool own = payment->entry == PAYMENT_ENTRY_REFUND || payment->channel == CHANNEL_CREDIT_BALANCE;
    if (own && sums->credit != expected.credit.fen)
        differ(check, "%s: the journal has %" PRId64 " fen from the balance, not %" PRId64,
            name_of_payment(payment).text, sums->credit, expected.credit.fen);
}

static void note_settled(
    struct walk *walk, const struct payment *payment, const struct payment_part *part) {
    walk->settled = arena_grow(tx_arena(walk->check->tx), walk->settled, walk->settled_count,
        &walk->settled_room, sizeof *walk->settled);
    walk->settled[walk->settled_count++] = (struct settled){
        payment->customer_id, part->contract_id, part->event_sequence, part->amount, false};
}

static void check_parts(struct walk *walk, const struct payment *payment) {
    struct check *check = walk->check;
    const struct payment_part *parts = payment->parts;
    int64_t sum = 0;
    for (size_t i = 0; i < payment->part_count; i++) {
        struct name order = name_of(PUBLIC_ORDER, payment->customer_id, parts[i].order_id);
        sum = plus(sum, parts[i].amount.fen);
        if (parts[i].event_sequence != 0)
            note_settled(walk, payment, &parts[i]);
        if (parts[i].event_sequence != 0 && payment->state != PAYMENT_SUCCEEDED)
            differ(check, "%s has not succeeded, but is event %d of order %s",
                name_of_payment(payment).text, (int)parts[i].event_sequence, order.text);
        bool loose = payment->state == PAYMENT_SUCCEEDED && parts[i].event_sequence == 0;
        if (loose && money_compare(payment->excess, parts[i].amount) < 0)
            differ(check, "%s has succeeded, but order %s does not know of it",
                name_of_payment(payment).text, order.text);
    }
    if (payment->entry != PAYMENT_ENTRY_REFUND && sum != payment->amount.fen)
        differ(check, "%s: its parts come to %" PRId64 " fen, not %" PRId64,
            name_of_payment(payment).text, sum, payment->amount.fen);
}

static bool is_whole(const struct payment *payment) {
    return !payment->damaged && payment->state >= PAYMENT_CREATED &&
           payment->state <= PAYMENT_CANCELLED;
}

static bool is_under_way(const struct payment *payment) {
    return is_whole(payment) && payment->entry != PAYMENT_ENTRY_REFUND &&
           !payment_is_final(payment->state);
}

static void check_payment(struct walk *walk, const struct payment *payment) {
    struct check *check = walk->check;
    check->page->report.payments++;
    if (!is_whole(payment)) {
        differ(check, "%s: its row is damaged", name_of_payment(payment).text);
        return;
    }
    check_journal(check, payment);
    check_parts(walk, payment);
    size_t steps = payment->step_count;
    if (steps > 0 && payment->steps[steps - 1].state != payment->state)
        differ(check, "%s: its state is %d, but its last step says %d",
            name_of_payment(payment).text, (int)payment->state,
            (int)payment->steps[steps - 1].state);
}

/* ---- instalments that are held ---- */

static const struct payment *find_payment(
    const struct walk *walk, int64_t customer_id, int64_t payment_id) {
    size_t low = 0, high = walk->payment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct payment *at = &walk->payments[middle];
        if (at->customer_id < customer_id ||
            (at->customer_id == customer_id && at->payment_id < payment_id))
            low = middle + 1;
        else
            high = middle;
    }
    const struct payment *found = &walk->payments[low];
    return low < walk->payment_count && found->customer_id == customer_id &&
                   found->payment_id == payment_id
               ? found
               : NULL;
}

static enum status check_collections(struct walk *walk, struct customer_range range) {
    struct check *check = walk->check;
    struct live_collection *held;
    size_t count;
    int32_t *number = ARENA_ARRAY(tx_arena(check->tx), walk->payment_count + 1, int32_t);
    enum status status = live_collection_of_range(check->tx, range, &held, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        const struct payment *payment = find_payment(walk, held[i].customer_id, held[i].payment_id);
        if (payment == NULL || !is_whole(payment) || payment_is_final(payment->state))
            differ(check, "%s: instalment %d is held by payment %s, which is not on its way",
                chain_name(check, held[i].customer_id, held[i].contract_id).text,
                (int)held[i].instalment,
                name_of(PUBLIC_PAYMENT, held[i].customer_id, held[i].payment_id).text);
        else
            number[payment - walk->payments]++;
    }
    for (size_t i = 0; status == STATUS_OK && i < walk->payment_count; i++)
        if (is_under_way(&walk->payments[i]) && number[i] == 0)
            differ(check, "%s is on its way, but holds no instalment",
                name_of_payment(&walk->payments[i]).text);
    return status;
}

/* ---- the contracts' side ---- */

static int by_event(const void *a, const void *b) {
    const struct settled *left = a, *right = b;
    if (left->customer_id != right->customer_id)
        return left->customer_id < right->customer_id ? -1 : 1;
    if (left->contract_id != right->contract_id)
        return left->contract_id < right->contract_id ? -1 : 1;
    return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

/* Both in the order of their events; *at follows. One part an event, of the same amount. */
static void check_event(struct walk *walk, const struct stored_event *stored, size_t *at) {
    struct check *check = walk->check;
    struct contract_event event;
    const struct settled key = {
        stored->customer_id, stored->contract_id, stored->sequence, MONEY_ZERO, false};
    while (*at < walk->settled_count && by_event(&walk->settled[*at], &key) < 0)
        ++*at;
    bool found = *at < walk->settled_count && by_event(&walk->settled[*at], &key) == 0;
    if (found && contract_event_decode(stored->body.at, stored->body.length, &event) &&
        money_compare(event.amount, walk->settled[*at].amount) == 0)
        walk->settled[*at].found = true;
    else
        differ(check, "%s: event %d is not exactly one part of a payment",
            chain_name(check, stored->customer_id, stored->contract_id).text,
            (int)stored->sequence);
}

static void check_events(struct walk *walk) {
    size_t at = 0;
    if (walk->settled_count > 1)
        qsort(walk->settled, walk->settled_count, sizeof *walk->settled, by_event);
    for (size_t i = 0; i < walk->check->event_count; i++) {
        const struct stored_event *event = &walk->check->events[i];
        if (event->kind == EVENT_PAYMENT_SETTLED || event->kind == EVENT_MERCHANT_REFUNDED)
            check_event(walk, event, &at);
    }
    for (size_t i = 0; i < walk->settled_count; i++)
        if (!walk->settled[i].found)
            differ(walk->check, "%s: a payment is its event %d, which is none of that amount",
                chain_name(walk->check, walk->settled[i].customer_id, walk->settled[i].contract_id)
                    .text,
                (int)walk->settled[i].sequence);
}

static void check_sources(const struct check *check) {
    for (size_t i = 0; i < check->source_count; i++) {
        const struct source_sums *sums = &check->sources[i];
        if (!sums->explained && sums->channel != 0)
            differ(check,
                "customer %" PRId64 ": the journal has %" PRId64
                " fen at the channel for %s, which is not there",
                sums->customer_id, sums->channel,
                name_of(PUBLIC_PAYMENT, sums->customer_id, sums->source_id).text);
    }
}

enum status verify_payments(struct check *check, struct customer_range range) {
    struct walk walk = {.check = check};
    enum status status = payment_of_range(check->tx, range, &walk.payments, &walk.payment_count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < walk.payment_count; i++)
        check_payment(&walk, &walk.payments[i]);
    check_events(&walk);
    check_sources(check);
    return check_collections(&walk, range);
}
