/*
 * accept_checkout.c: the customer accepts a cost table and the contract begins. See
 * accept_checkout.h.
 */
#include "service/accept_checkout.h"

#include "base/check.h"
#include "engine/encoding.h"
#include "service/apply_contract_event.h"
#include "service/cost_table.h"
#include "service/send_notice.h"
#include "service/tell_shop.h"

#include <string.h>

/* What the acceptance is about, once it is known to be possible. */
struct offer {
    struct terms terms;
    struct cost_table table;
};

/* The checks that need the order alone, in their order. */
static enum accept_checkout_outcome refusal_of(
    struct moment moment, const struct accept_checkout *command, const struct order *order) {
    if (order->customer_id != command->customer_id) {
        return ACCEPT_CHECKOUT_NOT_YOURS;
    }
    if (order->state == ORDER_ACCEPTED) {
        return ACCEPT_CHECKOUT_ACCEPTED;
    }
    if (order->state == ORDER_CANCELLED || instant_compare(moment.now, order->expires_at) > 0) {
        return ACCEPT_CHECKOUT_EXPIRED;
    }
    return ACCEPT_CHECKOUT_OK;
}

/* Builds the offer again and checks that it is the one that was on the screen. */
static enum status check_offer(struct tx *tx, struct moment moment,
    const struct accept_checkout *command, const struct order *order, struct offer *offer,
    enum accept_checkout_outcome *outcome) {
    struct product *product;
    enum status status = product_load(tx, order->product_code, order->product_version, &product);
    if (status != STATUS_OK) {
        return status;
    }
    check(product != NULL);
    *outcome = ACCEPT_CHECKOUT_TERM_NOT_OFFERED;
    for (size_t i = 0; i < product->term_count; i++) {
        if (product->terms_on_offer[i].instalment_count != command->instalment_count) {
            continue;
        }
        bool valid;
        status =
            offer_terms(tx, product, order->amount, i, moment.business_date, &offer->terms, &valid);
        if (status != STATUS_OK || !valid) {
            return status;
        }
        offer->table = cost_table_build(tx_arena(tx), product, &offer->terms);
        if (strcmp(offer->table.hash, command->cost_table_hash) != 0) {
            *outcome = ACCEPT_CHECKOUT_COST_TABLE_CHANGED;
        } else if (command->read_ms < READING_LEAST_MS) {
            *outcome = ACCEPT_CHECKOUT_READING_TOO_SHORT;
        } else {
            *outcome = ACCEPT_CHECKOUT_OK;
        }
        return STATUS_OK;
    }
    return STATUS_OK;
}

/* Inserts the contract to which nothing has happened, with the table it was accepted on. */
static enum status insert_contract(struct tx *tx, struct moment moment,
    const struct accept_checkout *command, const struct offer *offer, const struct order *order,
    struct live_contract **out) {
    struct arena *arena = tx_arena(tx);
    struct live_contract *contract = *out = ARENA_NEW(arena, struct live_contract);
    contract->terms = offer->terms;
    contract_new(&contract->state);
    uint8_t terms[TERMS_BYTES_MAX];
    uint8_t state[STATE_BYTES_MAX];
    size_t terms_length = terms_encode(&offer->terms, terms, sizeof terms);
    size_t state_length = contract_state_encode(&contract->state, state, sizeof state);
    check(terms_length > 0 && state_length > 0);
    struct stored_contract *stored = contract->stored = ARENA_NEW(arena, struct stored_contract);
    *stored = (struct stored_contract){
        .customer_id = order->customer_id,
        .contract_id = order->contract_id,
        .order_id = order->order_id,
        .terms = arena_bytes(arena, (struct bytes){terms, terms_length}),
        .accepted_items = offer->table.items,
        .accepted_cost = offer->table.total_cost,
        .activated_on = offer->terms.start_day,
        .state = arena_bytes(arena, (struct bytes){state, state_length}),
        .last_event_day = offer->terms.start_day,
        .status = CONTRACT_NEW,
        .next_action_day = DAY_NONE,
        .oldest_unpaid_day = DAY_NONE,
    };
    struct accepted_cost_table table = {
        .table_json = offer->table.json,
        .table_hash = offer->table.hash,
        .read_ms = command->read_ms,
        .accepted_at = moment.now,
        .consent_version = CONSENT_VERSION,
    };
    enum status status = stored_contract_insert(tx, stored);
    if (status == STATUS_OK) {
        status = cost_table_insert(tx, stored->customer_id, stored->contract_id, &table);
    }
    return status;
}

static enum status tell_accepted(struct tx *tx, struct moment moment, const struct order *order,
    const struct offer *offer, const struct live_contract *contract) {
    char amount[MONEY_TEXT_SIZE];
    char day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = order->title,
        .count = arena_printf(tx_arena(tx), "%d", order->instalment_count),
        .amount = money_to_yuan(offer->table.first_amount, amount),
        .date = day_to_text(offer->table.first_due_day, day),
        .order_id = order->order_id,
    };
    enum status status =
        send_notice(tx, moment, order->customer_id, MESSAGE_CONTRACT_ACCEPTED, &parameters);
    if (status != STATUS_OK) {
        return status;
    }
    return tell_shop(tx, moment, SHOP_ORDER_ACCEPTED, order, &contract->terms, &contract->state);
}

static enum status begin_contract(struct tx *tx, struct moment moment,
    const struct accept_checkout *command, const struct offer *offer, struct order *order) {
    order->state = ORDER_ACCEPTED;
    order->accepted_at = moment.now;
    order->contract_id = tx_new_id(tx, moment.now);
    order->instalment_count = offer->terms.instalment_count;
    struct live_contract *contract;
    enum status status = insert_contract(tx, moment, command, offer, order, &contract);
    if (status == STATUS_OK) {
        status = order_save(tx, order);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct contract_event event = {.kind = EVENT_ACTIVATED, .day = offer->terms.start_day};
    struct applied_event *applied;
    status = apply_contract_event(tx, moment, contract, event, order->order_id, &applied);
    if (status != STATUS_OK) {
        return status;
    }
    check(applied->outcome == APPLY_OK);
    return tell_accepted(tx, moment, order, offer, contract);
}

enum status accept_checkout(struct tx *tx, struct moment moment,
    const struct accept_checkout *command, struct accept_checkout_answer *answer) {
    *answer = (struct accept_checkout_answer){.outcome = ACCEPT_CHECKOUT_NOT_FOUND};
    int64_t customer_id;
    int64_t order_id;
    enum status status = checkout_find(tx, command->token, &customer_id, &order_id);
    if (status != STATUS_OK || customer_id == 0) {
        return status;
    }
    struct order *order;
    status = order_load(tx, customer_id, order_id, &order);
    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    answer->outcome = refusal_of(moment, command, order);
    if (answer->outcome != ACCEPT_CHECKOUT_OK) {
        return STATUS_OK;
    }
    struct offer *offer = ARENA_NEW(tx_arena(tx), struct offer);
    status = check_offer(tx, moment, command, order, offer, &answer->outcome);
    if (status != STATUS_OK || answer->outcome != ACCEPT_CHECKOUT_OK) {
        return status;
    }
    answer->order = order;
    return begin_contract(tx, moment, command, offer, order);
}
