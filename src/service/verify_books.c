/*
 * verify_books.c: the books and what is derived, held against the facts. See verify_books.h.
 */
#include "service/verify_books.h"

#include "service/apply_contract_event.h"
#include "service/books_check.h"
#include "store/credit_balance.h"
#include "store/journal.h"

enum { PAGE = 100 };

/* ---- what is derived ---- */

static bool same_columns(const struct stored_contract *a, const struct stored_contract *b) {
    return bytes_equal(a->state, b->state) && a->event_count == b->event_count &&
           a->last_event_day.number == b->last_event_day.number && a->status == b->status &&
           a->principal_left.fen == b->principal_left.fen && a->left.fen == b->left.fen &&
           a->oldest_unpaid_day.number == b->oldest_unpaid_day.number;
}

/* What the contract's row must be by its terms and events; `*state` is what they make of it. */
static enum status derive(struct tx *tx, struct stored_contract *stored,
    struct stored_contract *derived, struct contract_state *state) {
    struct live_contract *contract;
    enum status status = decode_contract(tx, stored, &contract);
    if (status == STATUS_OK)
        status = replay_contract(tx, contract, state);
    if (status != STATUS_OK)
        return status;
    *derived = *stored;
    derive_contract_columns(tx_arena(tx), &contract->terms, state, derived);
    derived->next_action_day = stored->next_action_day; /* depends on the day-end's progress */
    return STATUS_OK;
}

static enum status check_contract(
    const struct check *check, struct stored_contract *stored, struct derived_place *place) {
    struct contract_state *state = ARENA_ROOM(tx_arena(check->tx), struct contract_state);
    struct stored_contract derived;
    enum status status = derive(check->tx, stored, &derived, state);
    if (status != STATUS_OK)
        return status;
    check->report->contracts++;
    check->report->events += state->last_sequence;
    if (!same_columns(stored, &derived)) {
        differ(check, "contract %lld: state or columns differ from its events",
            (long long)stored->contract_id);
        place->differing[place->differing_count++] = place->key;
    }
    if (!charges_are_disclosed(stored, state))
        differ(check, "contract %lld charges what its cost table does not name",
            (long long)stored->contract_id);
    return STATUS_OK;
}

enum status check_derived(struct tx *tx, books_difference tell, void *context,
    struct derived_place *place, struct books_report *report) {
    struct check check = {tx, tell, context, report};
    struct stored_contract *contracts;
    size_t count;
    place->differing_count = 0;
    enum status status = stored_contract_walk(
        tx, place->key.customer_id, place->key.contract_id, DERIVED_PAGE, &contracts, &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        place->key = (struct derived_key){contracts[i].customer_id, contracts[i].contract_id};
        status = check_contract(&check, &contracts[i], place);
    }
    place->done = count == 0;
    return status;
}

enum status mend_derived(struct tx *tx, struct derived_key key) {
    struct stored_contract *stored, derived;
    enum status status = stored_contract_load(tx, key.customer_id, key.contract_id, &stored);
    if (status != STATUS_OK || stored == NULL)
        return status;
    struct contract_state *state = ARENA_ROOM(tx_arena(tx), struct contract_state);
    status = derive(tx, stored, &derived, state);
    if (status != STATUS_OK || same_columns(stored, &derived))
        return status;
    return stored_contract_save(tx, &derived);
}

/* ---- the journal ---- */

/* All entries of a customer are seen: the number beside the journal must be theirs. */
static enum status check_credit(const struct check *check, const struct books_place *walk) {
    if (walk->key.customer_id == 0) {
        return STATUS_OK;
    }
    struct money balance;
    enum status status = credit_balance_load(check->tx, walk->key.customer_id, &balance);
    if (status == STATUS_OK && money_compare(balance, walk->credit) != 0) {
        differ(check, "customer %lld: credit balance %lld, but the journal says %lld",
            (long long)walk->key.customer_id, (long long)balance.fen, (long long)walk->credit.fen);
    }
    return status;
}

static enum status check_entry(
    const struct check *check, struct books_place *walk, const struct journal_row *row) {
    enum status status = STATUS_OK;
    bool same_customer = row->key.customer_id == walk->key.customer_id;
    bool same_chain = same_customer && row->key.chain_id == walk->key.chain_id;
    if (!same_customer) {
        status = check_credit(check, walk);
        walk->credit = MONEY_ZERO;
    }
    if (!same_chain) {
        walk->end = (struct journal_end){0};
        check->report->chains++;
    }
    check->report->entries++;
    if (row->key.number != walk->end.number + 1) {
        differ(check, "chain %lld: entry %lld is missing", (long long)row->key.chain_id,
            (long long)(walk->end.number + 1));
    }
    if (!journal_row_follows(row, &walk->end)) {
        differ(check, "chain %lld: entry %lld does not follow from the one before it",
            (long long)row->key.chain_id, (long long)row->key.number);
    }
    walk->credit = money_subtract(walk->credit, entry_net(&row->entry, ACCOUNT_CUSTOMER_CREDIT));
    walk->key = row->key;
    return status;
}

static enum status check_balance(const struct check *check) {
    struct trial_balance balance = {0};
    enum status status = journal_trial_balance(check->tx, &balance);
    if (status != STATUS_OK) {
        return status;
    }
    if (!trial_balance_is_even(&balance)) {
        differ(check, "all debits do not equal all credits");
    }
    struct money credit;
    status = credit_balance_sum(check->tx, &credit);
    struct money booked = money_negate(trial_balance_net(&balance, ACCOUNT_CUSTOMER_CREDIT));
    /* Told customer by customer before; this finds a balance of somebody without any entry. */
    if (status == STATUS_OK && check->report->differences == 0 &&
        money_compare(credit, booked) != 0) {
        differ(check, "all credit balances together are not what the journal says");
    }
    if (!money_is_zero(trial_balance_net(&balance, ACCOUNT_PAYMENT_CLEARING))) {
        differ(check, "the clearing account for payments is not empty");
    }
    return status;
}

enum status check_books(struct tx *tx, books_difference tell, void *context,
    struct books_place *place, struct books_report *report) {
    struct check check = {tx, tell, context, report};
    struct journal_list list;
    enum status status = journal_walk(tx, place->key, PAGE, &list);
    for (size_t i = 0; status == STATUS_OK && i < list.count; i++) {
        status = check_entry(&check, place, &list.items[i]);
    }
    place->done = status == STATUS_OK && list.count == 0;
    if (place->done) {
        status = check_credit(&check, place);
    }
    return status == STATUS_OK && place->done ? check_balance(&check) : status;
}
