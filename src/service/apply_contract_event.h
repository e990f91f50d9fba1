/*
 * apply_contract_event.h: the one way in which something happens to a contract. Exports: struct
 * live_contract, load_contract(), load_contracts(), enum apply_outcome, struct applied_event,
 * apply_contract_event(), finish_contract_day(), replay_contract().
 *
 * The event is stored as a fact; the engine's state, the contract's row, the journal entry
 * (chained by hash in the contract's chain), the credit balance and what the shop and the customer
 * are told follow from it in the same transaction. Nothing that is not on the accepted cost table
 * can be charged: that is checked here and nowhere else, after every event.
 *
 *     struct live_contract *contract;
 *     status = load_contract(tx, customer_id, contract_id, &contract);      // NULL: none
 *     struct contract_event event = {.kind = EVENT_PAYMENT_SETTLED, .day = moment.business_date,
 *         .amount = amount, .target = TARGET_DUE, .source = SOURCE_CHANNEL};
 *     struct applied_event *applied;
 *     status = apply_contract_event(tx, moment, contract, event, payment_id, &applied);
 *     if (status == STATUS_OK && applied->outcome == APPLY_OK) ... applied->update->paid ...
 */
#ifndef FENQI_SERVICE_APPLY_CONTRACT_EVENT_H
#define FENQI_SERVICE_APPLY_CONTRACT_EVENT_H

#include "engine/contract.h"
#include "store/stored_contract.h"

/* A contract as loaded: the row and what it encodes. `state` is as of its last event. */
struct live_contract {
    struct stored_contract *stored;
    struct terms terms;
    struct contract_state state;
};

/* *contract is NULL when the customer has none such. CORRUPT when it does not decode. */
enum status load_contract(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct live_contract **contract) FENQI_MUST_USE;

/* Every contract of a customer, the oldest first. */
enum status load_contracts(struct tx *tx, int64_t customer_id, struct live_contract ***contracts,
    size_t *count) FENQI_MUST_USE;

/* Decodes rows read otherwise (day-end batches, joins). CORRUPT when they do not decode. */
enum status decode_contract(
    struct tx *tx, struct stored_contract *stored, struct live_contract **contract) FENQI_MUST_USE;

/* In the order in which they are checked. */
enum apply_outcome {
    APPLY_OK,
    APPLY_DAY_AHEAD,     /* the event's day lies after the business date */
    APPLY_REFUSED,       /* the engine refuses it: see `refusal` */
    APPLY_NOT_DISCLOSED, /* it would charge what the accepted cost table does not name */
    APPLY_CREDIT_SHORT,  /* it takes more from the credit balance than the customer has */
};

struct applied_event {
    enum apply_outcome outcome;
    enum contract_refusal refusal;  /* CONTRACT_OK unless APPLY_REFUSED */
    struct contract_event event;    /* with its sequence */
    struct contract_update *update; /* what changed; NULL unless APPLY_OK */
    int64_t journal_number;         /* of the entry in the contract's chain; 0: nothing moved */
};

/*
 * Applies `event` (its sequence is given here) to a contract loaded in this transaction, which is
 * changed with it. Back-dated events and reversals are replayed over the whole history by itself.
 * `source_id` is the id of what caused the event (payment, refund, request, order), kept with the
 * journal entry. Unless APPLY_OK nothing was written.
 */
enum status apply_contract_event(struct tx *tx, struct moment moment,
    struct live_contract *contract, struct contract_event event, int64_t source_id,
    struct applied_event **applied) FENQI_MUST_USE;

/*
 * The day-end is through with the contract for the business date: it comes back on the next day
 * that has something to do. EVENT_DAY_REACHED does this by itself; it is for days that record no
 * event (a reminder, a retry of a debit).
 */
enum status finish_contract_day(
    struct tx *tx, struct moment moment, struct live_contract *contract) FENQI_MUST_USE;

/*
 * The state by replaying every stored event of the contract: what rebuild compares with the stored
 * one. CORRUPT when an event does not decode.
 */
enum status replay_contract(struct tx *tx, const struct live_contract *contract,
    struct contract_state *state) FENQI_MUST_USE;

/* Fills the derived columns of `stored` (state and after it) from terms and state. */
void derive_contract_columns(struct arena *arena, const struct terms *terms,
    const struct contract_state *state, struct stored_contract *stored);

/*
 * Whether everything charged in `state` is allowed by the accepted cost table: each kind of cost is
 * named on it, and interest and fees stay within its total.
 */
bool charges_are_disclosed(
    const struct stored_contract *stored, const struct contract_state *state);

#endif
