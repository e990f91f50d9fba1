/* collect_due.c: automatic repayment of one contract. See collect_due.h. */
#include "service/collect_due.h"

#include "base/builder.h"
#include "base/check.h"
#include "service/bell.h"
#include "service/settle_payment.h"
#include "service/tell_payment.h"
#include "store/audit.h"
#include "store/credit_balance.h"
#include "store/outbox.h"

#include <stdio.h>
#include <stdlib.h>

/* How long after a failed first run the second one comes: morning → afternoon. */
enum { LATER_RUN_S = 6 * 3600 };

size_t autopay_sources_read(const char *text, int64_t ids[AUTOPAY_SOURCES_MAX]) {
    size_t count = 0;
    while (*text && count < AUTOPAY_SOURCES_MAX) {
        char *end = NULL;
        ids[count++] = strtoll(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
    }
    return count;
}

const char *autopay_sources_write(struct arena *arena, const int64_t *ids, size_t count) {
    return purpose_orders_write(arena, ids, count);
}

struct money collectable(
    const struct terms *terms, const struct contract_state *state, struct day day) {
    struct due_quote quote;
    struct money sum = MONEY_ZERO;
    quote_due(terms, state, day, &quote);
    for (int32_t i = 0; i < quote.count; i++)
        if (day_compare(quote.instalments[i].due_day, day) <= 0)
            sum = money_add(sum, quote.instalments[i].left);
    return sum;
}

struct collection {
    const struct collect_due *command;
    int64_t customer_id;
    struct collect_answer *answer;
    struct money owed; /* still to be collected */
    int32_t position;  /* of the source being tried */
};

/* Takes the place of one source in this run; false when it was taken before. */
static enum status take_place(struct tx *tx, struct moment moment,
    const struct collection *collection, int64_t payment_id, struct money amount, bool *taken) {
    struct autopay_attempt attempt = {
        .day = moment.business_date,
        .run = collection->command->run,
        .position = collection->position,
        .payment_id = payment_id,
        .amount = amount,
    };
    return autopay_attempt_take(tx, collection->customer_id,
        collection->command->contract->stored->contract_id, &attempt, taken);
}

/*
 * The breaker: what is on its way and this debit together must not exceed what the customer owes in
 * all contracts. It can only trip when our own state contradicts itself.
 */
static enum status over_the_books(
    struct tx *tx, struct moment moment, int64_t customer_id, struct money amount, bool *over) {
    struct payment *live;
    size_t live_count;
    struct live_contract **contracts;
    size_t count;
    struct money owed = MONEY_ZERO, taken = amount;
    enum status status = payment_live(tx, customer_id, &live, &live_count);
    if (status == STATUS_OK)
        status = load_contracts(tx, customer_id, &contracts, &count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < live_count; i++)
        if (live[i].entry != PAYMENT_ENTRY_REFUND)
            taken = money_add(taken, live[i].amount);
    for (size_t i = 0; i < count; i++) {
        struct due_quote quote;
        quote_due(&contracts[i]->terms, &contracts[i]->state, moment.business_date, &quote);
        owed = money_add(owed, quote.left);
    }
    *over = money_compare(taken, owed) > 0;
    return STATUS_OK;
}

static enum status begin(struct tx *tx, struct moment moment, struct collection *collection,
    enum payment_method method, int64_t funding_source_id, struct money amount,
    struct payment **payment) {
    const struct collect_due *command = collection->command;
    struct payment_plan plan;
    enum status status = plan_collection(tx, moment, command->contract, amount, &plan);
    if (status != STATUS_OK)
        return status;
    int64_t order_id = command->contract->stored->order_id;
    struct purpose purpose = {.kind = PURPOSE_DUE, .order_ids = &order_id, .order_count = 1};
    struct new_payment made = {
        .customer_id = collection->customer_id,
        .entry = PAYMENT_ENTRY_AUTOPAY,
        .initiator = INITIATOR_AUTOPAY,
        .purpose = &purpose,
        .method = method,
        .funding_source_id = funding_source_id,
        .mode = command->mode,
        .run = command->run,
        .position = collection->position,
    };
    return begin_payment(tx, moment, &made, &plan, payment);
}

/* The credit balance pays what it can, at once. */
static enum status try_credit(struct tx *tx, struct moment moment, struct collection *collection) {
    struct money balance;
    struct payment *payment;
    bool taken = false;
    enum status status = credit_balance_load(tx, collection->customer_id, &balance);
    struct money amount = money_min(balance, collection->owed);
    if (status != STATUS_OK || !money_is_positive(amount))
        return status;
    status = take_place(tx, moment, collection, 0, amount, &taken);
    if (status != STATUS_OK || !taken)
        return status;
    /* It settles at once and changes the contract: what follows sees it. */
    status = begin(tx, moment, collection, PAY_BY_CREDIT_BALANCE, 0, amount, &payment);
    collection->owed = money_subtract(collection->owed, amount);
    collection->answer->from_credit = amount;
    return status;
}

static enum status try_card(
    struct tx *tx, struct moment moment, struct collection *collection, int64_t funding_source_id) {
    struct funding_source *source;
    enum status status =
        funding_source_load(tx, collection->customer_id, funding_source_id, &source);
    if (status != STATUS_OK || !source || source->state != FUNDING_SOURCE_ACTIVE ||
        source->mode != (int32_t)collection->command->mode)
        return status;
    struct money amount = collection->owed;
    if (money_is_positive(source->single_limit))
        amount = money_min(amount, source->single_limit);
    bool over = false, taken = false;
    status = over_the_books(tx, moment, collection->customer_id, amount, &over);
    if (status != STATUS_OK)
        return status;
    if (over) {
        collection->answer->outcome = COLLECT_BREAKER;
        return audit_insert(tx, &(struct audit_record){.customer_id = collection->customer_id,
                                    .actor_kind = ACTOR_SYSTEM,
                                    .action = "autopay_breaker",
                                    .subject = "contract",
                                    .created_at = moment.now});
    }
    struct payment *payment;
    status = take_place(tx, moment, collection, funding_source_id, amount, &taken);
    if (status != STATUS_OK || !taken)
        return status;
    status = begin(tx, moment, collection, PAY_BY_BANK_CARD, funding_source_id, amount, &payment);
    collection->answer->outcome = COLLECT_BEGUN;
    collection->answer->debit = amount;
    return status;
}

static enum status try_sources(struct tx *tx, struct moment moment, struct collection *collection,
    const struct autopay *autopay) {
    int64_t ids[AUTOPAY_SOURCES_MAX];
    size_t count = autopay_sources_read(autopay->sources, ids);
    enum status status = STATUS_OK;
    enum collect_outcome *outcome = &collection->answer->outcome;
    *outcome = COLLECT_NO_SOURCE;
    for (size_t i = (size_t)collection->command->from_position - 1; i < count; i++) {
        collection->position = (int32_t)i + 1;
        if (ids[i] == 0)
            status = try_credit(tx, moment, collection);
        else
            status = try_card(tx, moment, collection, ids[i]);
        if (status == STATUS_OK && money_is_zero(collection->owed))
            *outcome = COLLECT_PAID;
        if (status != STATUS_OK || *outcome != COLLECT_NO_SOURCE)
            return status;
    }
    return status;
}

/* Leaves a run of this day for later in the outbox. */
static enum status plan_later_run(struct tx *tx, struct moment moment,
    const struct stored_contract *contract, int32_t run, enum channel_mode mode) {
    struct outbox_item item = {
        .customer_id = contract->customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_CHANNEL,
        .kind = OUTBOX_KIND_AUTOPAY_RUN,
        .payload = bytes_of_text(arena_printf(tx_arena(tx), "%lld %d %d %d",
            (long long)contract->contract_id, moment.business_date.number, run, mode)),
        .next_try_at = instant_add_seconds(moment.now, LATER_RUN_S),
    };
    return outbox_insert(tx, &item, moment.now);
}

enum status collect_due(struct tx *tx, struct moment moment, const struct collect_due *command,
    struct collect_answer *answer) {
    check(command->run >= 1 && command->from_position >= 1);
    struct collection collection = {.command = command,
        .customer_id = command->contract->stored->customer_id,
        .answer = answer};
    struct autopay loaded;
    const struct autopay *autopay = command->autopay ? command->autopay : &loaded;
    *answer = (struct collect_answer){.outcome = COLLECT_OFF};
    enum status status =
        command->autopay ? STATUS_OK : autopay_load(tx, collection.customer_id, &loaded);
    if (status != STATUS_OK || !autopay->enabled)
        return status;
    collection.owed =
        collectable(&command->contract->terms, &command->contract->state, moment.business_date);
    answer->outcome = COLLECT_NOTHING;
    if (!money_is_positive(collection.owed))
        return STATUS_OK;
    struct payment_plan plan;
    bool live = false;
    status = plan_collection(tx, moment, command->contract, collection.owed, &plan);
    if (status == STATUS_OK)
        status = is_being_collected(tx, collection.customer_id, &plan, &live);
    answer->outcome = COLLECT_LIVE;
    /* What is on its way may come to nothing (a QR code that nobody scans): look again today. */
    if (status == STATUS_OK && live && command->run < AUTOPAY_RUNS)
        return plan_later_run(
            tx, moment, command->contract->stored, command->run + 1, command->mode);
    if (status != STATUS_OK || live)
        return status;
    return try_sources(tx, moment, &collection, autopay);
}

static bool worth_another_run(enum channel_failure failure) {
    return failure == CHANNEL_FAILURE_NO_MONEY || failure == CHANNEL_FAILURE_GATEWAY ||
           failure == CHANNEL_FAILURE_LIMIT;
}

static struct words next_words(enum collect_outcome outcome, bool later) {
    if (outcome == COLLECT_BEGUN || outcome == COLLECT_PAID)
        return (struct words){
            "正在从下一个扣款来源扣款。", "The next funding source is being tried."};
    if (later)
        return (struct words){"今天下午还会再试一次，您也可以现在手动还款。",
            "It will be tried again this afternoon; you can also pay now."};
    return (struct words){
        "明天会再试，请尽快手动还款以免逾期。", "It will be tried again tomorrow; please pay now."};
}

enum status collect_after_failure(
    struct tx *tx, struct moment moment, const struct payment *payment) {
    struct live_contract *contract;
    struct collect_answer answer;
    check(payment->part_count == 1);
    enum status status =
        load_contract(tx, payment->customer_id, payment->parts[0].contract_id, &contract);
    if (status != STATUS_OK)
        return status;
    check(contract);
    struct collect_due command = {.contract = contract,
        .mode = (enum channel_mode)payment->mode,
        .run = payment->run,
        .from_position = payment->position + 1};
    status = collect_due(tx, moment, &command, &answer);
    bool same_day = day_compare(payment->business_date, moment.business_date) == 0;
    bool later = answer.outcome == COLLECT_NO_SOURCE && same_day && payment->run < AUTOPAY_RUNS &&
                 worth_another_run((enum channel_failure)payment->failure);
    if (status == STATUS_OK && later)
        status = plan_later_run(
            tx, moment, contract->stored, payment->run + 1, (enum channel_mode)payment->mode);
    struct words next = next_words(answer.outcome, later);
    if (status == STATUS_OK)
        status = tell_payment(tx, moment, payment, MESSAGE_AUTOPAY_FAILED, payment->amount, &next);
    return status;
}

enum status collect_later_run(
    struct tx *tx, struct moment moment, int64_t customer_id, const char *payload) {
    long long contract_id;
    int day, run, mode;
    if (sscanf(payload, "%lld %d %d %d", &contract_id, &day, &run, &mode) != 4)
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "a later run without its place");
    struct live_contract *contract;
    struct collect_answer answer;
    if (moment.business_date.number != day)
        return STATUS_OK; /* the next day's own run has taken over */
    enum status status = load_contract(tx, customer_id, contract_id, &contract);
    if (status != STATUS_OK || !contract)
        return status;
    struct collect_due command = {
        .contract = contract, .mode = (enum channel_mode)mode, .run = run, .from_position = 1};
    return collect_due(tx, moment, &command, &answer);
}
