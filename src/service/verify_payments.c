/*
 * verify_payments.c: every payment's life held against contracts and journal. See
 * verify_payments.h.
 */
#include "service/verify_payments.h"

#include "channel/channel.h"
#include "engine/encoding.h"
#include "service/books_check.h"
#include "store/journal.h"
#include "store/payment.h"
#include "store/stored_contract.h"

#include <stdlib.h>

enum { PAGE = 100 };

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

static enum status check_journal(const struct check *check, const struct payment *payment) {
    struct trial_balance balance;
    enum status status =
        journal_of_source(check->tx, payment->customer_id, payment->payment_id, &balance);
    if (status != STATUS_OK)
        return status;
    struct moved expected = expected_of(payment);
    struct money channel = trial_balance_net(&balance, ACCOUNT_CHANNEL_RECEIVABLE);
    struct money credit = trial_balance_net(&balance, ACCOUNT_CUSTOMER_CREDIT);
    if (money_compare(channel, expected.channel) != 0)
        differ(check, "payment %lld: the journal has %lld fen at the channel, not %lld",
            (long long)payment->payment_id, (long long)channel.fen,
            (long long)expected.channel.fen);
    /* Beside a payment through a channel the balance moves with its contract: verify_books. */
    bool own = payment->entry == PAYMENT_ENTRY_REFUND || payment->channel == CHANNEL_CREDIT_BALANCE;
    if (own && money_compare(credit, expected.credit) != 0)
        differ(check, "payment %lld: the journal has %lld fen from the balance, not %lld",
            (long long)payment->payment_id, (long long)credit.fen, (long long)expected.credit.fen);
    return STATUS_OK;
}

static void check_parts(const struct check *check, const struct payment *payment) {
    const struct payment_part *parts = payment->parts;
    struct money sum = MONEY_ZERO;
    for (size_t i = 0; i < payment->part_count; i++) {
        sum = money_add(sum, parts[i].amount);
        if (parts[i].event_sequence != 0 && payment->state != PAYMENT_SUCCEEDED)
            differ(check, "payment %lld has not succeeded, but is event %d of contract %lld",
                (long long)payment->payment_id, (int)parts[i].event_sequence,
                (long long)parts[i].contract_id);
        bool loose = payment->state == PAYMENT_SUCCEEDED && parts[i].event_sequence == 0;
        if (loose && money_compare(payment->excess, parts[i].amount) < 0)
            differ(check, "payment %lld has succeeded, but contract %lld does not know of it",
                (long long)payment->payment_id, (long long)parts[i].contract_id);
    }
    if (payment->entry != PAYMENT_ENTRY_REFUND && money_compare(sum, payment->amount) != 0)
        differ(check, "payment %lld: its parts come to %lld fen, not %lld",
            (long long)payment->payment_id, (long long)sum.fen, (long long)payment->amount.fen);
}

static enum status check_payment(const struct check *check, const struct payment *payment) {
    check->report->payments++;
    enum status status = check_journal(check, payment);
    check_parts(check, payment);
    bool under_way = payment->entry != PAYMENT_ENTRY_REFUND && !payment_is_final(payment->state);
    int64_t held = 1;
    if (status == STATUS_OK && under_way)
        status = live_collection_count(check->tx, payment->customer_id, payment->payment_id, &held);
    if (status == STATUS_OK && held == 0)
        differ(check, "payment %lld is on its way, but holds no instalment",
            (long long)payment->payment_id);
    return status;
}

static enum status check_every_payment(const struct check *check) {
    int64_t customer_id = 0, payment_id = 0;
    for (;;) {
        struct payment *payments;
        size_t count;
        enum status status =
            payment_walk(check->tx, customer_id, payment_id, PAGE, &payments, &count);
        for (size_t i = 0; status == STATUS_OK && i < count; i++) {
            status = check_payment(check, &payments[i]);
            customer_id = payments[i].customer_id;
            payment_id = payments[i].payment_id;
        }
        if (status != STATUS_OK || count == 0)
            return status;
    }
}

/* ---- the contracts' side ---- */

static int by_event(const void *a, const void *b) {
    const struct payment_part *left = a, *right = b;
    return (left->event_sequence > right->event_sequence) -
           (left->event_sequence < right->event_sequence);
}

/*
 * The one part that is meant by `event`; NULL when there is none, or more than one. The parts are
 * in the order of their events; *at follows the events, which come in that order too.
 */
static const struct payment_part *part_of(
    const struct stored_event *event, const struct payment_part *parts, size_t count, size_t *at) {
    while (*at < count && parts[*at].event_sequence < event->sequence)
        ++*at;
    size_t first = *at;
    while (*at < count && parts[*at].event_sequence == event->sequence)
        ++*at;
    return *at - first == 1 ? &parts[first] : NULL;
}

/* The parts of payments that became an event of the contract. */
static enum status load_settled(const struct check *check, const struct stored_contract *contract,
    struct payment_part **parts, size_t *count) {
    struct payment *payments;
    size_t payment_count, most = 0;
    *count = 0;
    enum status status = payment_of_contract(
        check->tx, contract->customer_id, contract->contract_id, &payments, &payment_count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < payment_count; i++)
        most += payments[i].part_count;
    *parts = ARENA_ARRAY(tx_arena(check->tx), most + 1, struct payment_part);
    for (size_t i = 0; i < payment_count; i++)
        for (size_t j = 0; j < payments[i].part_count; j++) {
            const struct payment_part *part = &payments[i].parts[j];
            if (part->contract_id == contract->contract_id && part->event_sequence > 0)
                (*parts)[(*count)++] = *part;
        }
    qsort(*parts, *count, sizeof **parts, by_event);
    return STATUS_OK;
}

static enum status check_contract(
    const struct check *check, const struct stored_contract *contract) {
    struct payment_part *parts;
    struct stored_event *events;
    size_t part_count, event_count = 0, paid = 0, at = 0;
    enum status status = load_settled(check, contract, &parts, &part_count);
    if (status == STATUS_OK)
        status = stored_event_list(
            check->tx, contract->customer_id, contract->contract_id, &events, &event_count);
    for (size_t i = 0; status == STATUS_OK && i < event_count; i++) {
        struct contract_event event;
        if (events[i].kind != EVENT_PAYMENT_SETTLED && events[i].kind != EVENT_MERCHANT_REFUNDED)
            continue;
        paid++;
        const struct payment_part *part = part_of(&events[i], parts, part_count, &at);
        if (!part || !contract_event_decode(events[i].body.at, events[i].body.length, &event) ||
            money_compare(event.amount, part->amount) != 0)
            differ(check, "contract %lld: event %d is not exactly one part of a payment",
                (long long)contract->contract_id, (int)events[i].sequence);
    }
    if (status == STATUS_OK && part_count > paid)
        differ(check, "contract %lld: %zu parts of payments, but %zu events of them",
            (long long)contract->contract_id, part_count, paid);
    return status;
}

static enum status check_every_contract(const struct check *check) {
    int64_t customer_id = 0, contract_id = 0;
    for (;;) {
        struct stored_contract *contracts;
        size_t count;
        enum status status =
            stored_contract_walk(check->tx, customer_id, contract_id, PAGE, &contracts, &count);
        for (size_t i = 0; status == STATUS_OK && i < count; i++) {
            status = check_contract(check, &contracts[i]);
            customer_id = contracts[i].customer_id;
            contract_id = contracts[i].contract_id;
        }
        if (status != STATUS_OK || count == 0)
            return status;
    }
}

static enum status check_collections(const struct check *check) {
    struct live_collection *astray;
    size_t count;
    enum status status = live_collection_astray(check->tx, PAGE, &astray, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        differ(check, "instalment %d of contract %lld is held by payment %lld, not on its way",
            (int)astray[i].instalment, (long long)astray[i].contract_id,
            (long long)astray[i].payment_id);
    return status;
}

enum status check_payments(
    struct tx *tx, books_difference tell, void *context, struct books_report *report) {
    struct check check = {tx, tell, context, report};
    enum status status = check_every_payment(&check);
    if (status == STATUS_OK)
        status = check_every_contract(&check);
    return status == STATUS_OK ? check_collections(&check) : status;
}
