/*
 * apply_contract_event.c: the one way in which something happens to a contract. See
 * apply_contract_event.h.
 */
#include "service/apply_contract_event.h"

#include "base/check.h"
#include "engine/disclosure.h"
#include "engine/encoding.h"
#include "engine/quote.h"
#include "ledger/entry.h"
#include "service/tell_contract.h"
#include "store/credit_balance.h"
#include "store/journal.h"

#include <string.h>

enum status decode_contract(
    struct tx *tx, struct stored_contract *stored, struct live_contract **contract) {
    struct live_contract *live = ARENA_ROOM(tx_arena(tx), struct live_contract);
    live->stored = stored;
    if (!terms_decode(stored->terms.at, stored->terms.length, &live->terms) ||
        !contract_state_decode(stored->state.at, stored->state.length, &live->state)) {
        return fault_set(tx_fault(tx), STATUS_CORRUPT,
            "contract %lld of customer %lld does not decode", (long long)stored->contract_id,
            (long long)stored->customer_id);
    }
    *contract = live;
    return STATUS_OK;
}

enum status load_contract(
    struct tx *tx, int64_t customer_id, int64_t contract_id, struct live_contract **contract) {
    *contract = NULL;
    struct stored_contract *stored;
    enum status status = stored_contract_load(tx, customer_id, contract_id, &stored);
    if (status != STATUS_OK || stored == NULL) {
        return status;
    }
    return decode_contract(tx, stored, contract);
}

enum status load_contracts(
    struct tx *tx, int64_t customer_id, struct live_contract ***contracts, size_t *count) {
    struct stored_contract *stored;
    *count = 0;
    enum status status = stored_contract_of_customer(tx, customer_id, &stored, count);
    if (status != STATUS_OK) {
        return status;
    }
    *contracts = ARENA_ARRAY(tx_arena(tx), *count + 1, struct live_contract *);
    for (size_t i = 0; i < *count && status == STATUS_OK; i++) {
        status = decode_contract(tx, &stored[i], &(*contracts)[i]);
    }
    return status;
}

void derive_contract_columns(struct arena *arena, const struct terms *terms,
    const struct contract_state *state, struct stored_contract *stored) {
    uint8_t bytes[STATE_BYTES_MAX];
    size_t length = contract_state_encode(state, bytes, sizeof bytes);
    check(length > 0);
    stored->state = arena_bytes(arena, (struct bytes){bytes, length});
    stored->event_count = (int32_t)state->last_sequence;
    stored->last_event_day = state->day;
    stored->status = (int32_t)state->status;
    stored->principal_left = contract_principal_left(state);
    stored->left = contract_left(state);
    stored->next_action_day = next_action_day(terms, state, state->day);
    stored->oldest_unpaid_day = DAY_NONE;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        bool open = money_is_positive(instalment_left(instalment));
        if (open && (day_is_none(stored->oldest_unpaid_day) ||
                        day_compare(instalment->due_day, stored->oldest_unpaid_day) < 0)) {
            stored->oldest_unpaid_day = instalment->due_day;
        }
    }
}

bool charges_are_disclosed(
    const struct stored_contract *stored, const struct contract_state *state) {
    struct money interest = MONEY_ZERO;
    struct money fee = MONEY_ZERO;
    struct money extension = MONEY_ZERO;
    struct money late = MONEY_ZERO;
    struct money penalty = MONEY_ZERO;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        interest = money_add(interest, instalment->charged[COMPONENT_INTEREST]);
        fee = money_add(fee, instalment->charged[COMPONENT_FEE]);
        extension = money_add(extension, instalment->extension_fee);
        struct money late_part =
            money_min(instalment->late_fee, instalment->charged[COMPONENT_PENALTY]);
        late = money_add(late, late_part);
        penalty =
            money_add(penalty, money_subtract(instalment->charged[COMPONENT_PENALTY], late_part));
    }
    fee = money_subtract(fee, extension);
    const struct {
        struct money charged;
        enum cost_kind kind;
    } rows[] = {
        {interest, COST_INTEREST},
        {fee, COST_PERIOD_FEE},
        {extension, COST_EXTENSION_FEE},
        {late, COST_LATE_FEE},
        {penalty, COST_PENALTY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool named = (stored->accepted_items & (1 << rows[i].kind)) != 0;
        if (money_is_positive(rows[i].charged) && !named) {
            return false;
        }
    }
    return money_compare(money_add(interest, fee), stored->accepted_cost) <= 0;
}

/* All stored events of a contract, decoded. */
static enum status load_history(struct tx *tx, const struct stored_contract *stored,
    struct contract_event **history, size_t *count) {
    struct stored_event *events;
    enum status status =
        stored_event_list(tx, stored->customer_id, stored->contract_id, &events, count);
    if (status != STATUS_OK) {
        return status;
    }
    *history = ARENA_ARRAY(tx_arena(tx), *count + 1, struct contract_event);
    for (size_t i = 0; i < *count; i++) {
        if (!contract_event_decode(events[i].body.at, events[i].body.length, &(*history)[i])) {
            return fault_set(tx_fault(tx), STATUS_CORRUPT,
                "event %d of contract %lld does not decode", events[i].sequence,
                (long long)stored->contract_id);
        }
    }
    return STATUS_OK;
}

enum status replay_contract(
    struct tx *tx, const struct live_contract *contract, struct contract_state *state) {
    struct contract_event *history;
    size_t count;
    enum status status = load_history(tx, contract->stored, &history, &count);
    if (status == STATUS_OK) {
        contract_new(state);
        contract_replay(&contract->terms, history, count, state);
    }
    return status;
}

/* Steps `state`, over the whole history when the event needs it. */
static enum status step(struct tx *tx, const struct live_contract *contract,
    const struct contract_event *event, struct contract_state *state,
    struct contract_update *update, enum contract_refusal *refusal) {
    *refusal = contract_step(&contract->terms, state, event, update);
    if (*refusal != CONTRACT_NEEDS_HISTORY) {
        return STATUS_OK;
    }
    struct contract_event *history;
    size_t count;
    enum status status = load_history(tx, contract->stored, &history, &count);
    if (status == STATUS_OK) {
        *refusal =
            contract_step_with_history(&contract->terms, history, count, state, event, update);
    }
    return status;
}

static enum status save_event(struct tx *tx, struct moment moment,
    const struct stored_contract *stored, const struct contract_event *event) {
    uint8_t bytes[EVENT_BYTES_MAX];
    size_t length = contract_event_encode(event, bytes, sizeof bytes);
    check(length > 0);
    struct stored_event row = {
        .customer_id = stored->customer_id,
        .contract_id = stored->contract_id,
        .sequence = (int32_t)event->sequence,
        .kind = (int32_t)event->kind,
        .day = event->day,
        .recorded_at = moment.now,
        .body = {bytes, length},
    };
    return stored_event_insert(tx, &row);
}

/* The journal entry of what the event moved; without lines when nothing did. */
static void make_entry(struct moment moment, const struct stored_contract *stored,
    const struct contract_update *update, struct entry *entry) {
    entry_begin(entry, stored->contract_id, 0, moment.business_date);
    for (int32_t i = 0; i < update->movement_count; i++) {
        entry_post(
            entry, (enum posting_rule)update->movements[i].movement, update->movements[i].amount);
    }
}

/* Saves event, entry, contract with the end of its chain, and the credit balance. */
static enum status save_all(struct tx *tx, struct moment moment, struct stored_contract *stored,
    int64_t source_id, struct entry *entry, const struct credit_account *credit,
    struct applied_event *applied) {
    enum status status = save_event(tx, moment, stored, &applied->event);
    if (status == STATUS_OK && entry->line_count > 0) {
        status = journal_append(
            tx, stored->customer_id, entry, source_id, moment.now, &stored->journal_end);
        applied->journal_number = entry->sequence;
    }
    if (status == STATUS_OK) {
        status = stored_contract_save(tx, stored);
    }
    if (status == STATUS_OK && credit != NULL) {
        status = credit_account_save(tx, stored->customer_id, credit);
    }
    return status;
}

/*
 * The day-end looks at a contract once a day: an event that comes before it on the same day must
 * not make it overlook what it still has to do then.
 */
static void keep_pending_action(struct moment moment, const struct contract_event *event,
    struct day before, const struct contract_state *state, const struct terms *terms,
    struct stored_contract *stored) {
    struct day from =
        day_compare(state->day, moment.business_date) < 0 ? moment.business_date : state->day;
    stored->next_action_day = next_action_day(terms, state, from);
    bool pending = event->kind != EVENT_DAY_REACHED && !day_is_none(before) &&
                   day_compare(before, moment.business_date) <= 0;
    if (pending && !day_is_none(stored->next_action_day)) {
        stored->next_action_day = before;
    }
}

enum status apply_contract_event(struct tx *tx, struct moment moment,
    struct live_contract *contract, struct contract_event event, int64_t source_id,
    struct applied_event **applied) {
    struct arena *arena = tx_arena(tx);
    struct applied_event *answer = *applied = ARENA_NEW(arena, struct applied_event);
    struct contract_state *after = ARENA_ROOM(arena, struct contract_state);
    struct contract_update *update = ARENA_ROOM(arena, struct contract_update);
    struct stored_contract *stored = contract->stored;
    event.sequence = contract->state.last_sequence + 1;
    answer->event = event;
    if (day_compare(event.day, moment.business_date) > 0) {
        answer->outcome = APPLY_DAY_AHEAD;
        return STATUS_OK;
    }
    contract_copy(after, &contract->state);
    enum status status = step(tx, contract, &event, after, update, &answer->refusal);
    if (status != STATUS_OK) {
        return status;
    }
    if (answer->refusal != CONTRACT_OK) {
        answer->outcome = APPLY_REFUSED;
        return STATUS_OK;
    }
    if (!charges_are_disclosed(stored, after)) {
        answer->outcome = APPLY_NOT_DISCLOSED;
        return STATUS_OK;
    }
    struct entry *entry = ARENA_ROOM(arena, struct entry);
    make_entry(moment, stored, update, entry);
    struct money credited = money_negate(entry_net(entry, ACCOUNT_CUSTOMER_CREDIT));
    struct credit_account credit;
    if (!money_is_zero(credited)) {
        status = credit_account_load(tx, stored->customer_id, &credit);
        credit.balance = money_add(credit.balance, credited);
        if (status != STATUS_OK) {
            return status;
        }
        if (money_is_negative(credit.balance)) {
            answer->outcome = APPLY_CREDIT_SHORT;
            return STATUS_OK;
        }
    }
    answer->update = update;
    struct day pending = stored->next_action_day;
    derive_contract_columns(arena, &contract->terms, after, stored);
    keep_pending_action(moment, &event, pending, after, &contract->terms, stored);
    status = save_all(
        tx, moment, stored, source_id, entry, money_is_zero(credited) ? NULL : &credit, answer);
    contract_copy(&contract->state, after);
    return status == STATUS_OK ? tell_contract(tx, moment, contract, update) : status;
}

enum status finish_contract_day(
    struct tx *tx, struct moment moment, struct live_contract *contract) {
    struct day from = day_compare(contract->state.day, moment.business_date) < 0
                          ? moment.business_date
                          : contract->state.day;
    struct day next = next_action_day(&contract->terms, &contract->state, from);
    if (next.number == contract->stored->next_action_day.number)
        return STATUS_OK; /* the event of this day has saved it */
    contract->stored->next_action_day = next;
    return stored_contract_save(tx, contract->stored);
}
