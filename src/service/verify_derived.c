/*
 * verify_derived.c: what is derived of contracts, held against terms and events. See
 * verify_books.h.
 */
#include "engine/encoding.h"
#include "service/apply_contract_event.h"
#include "service/books_check.h"

#include <inttypes.h>

/* What one contract after the other is replayed in. */
struct replay {
    struct terms terms;
    struct contract_state state, nothing;
    struct contract_update update;
    struct entry entry;
};

static bool same_columns(const struct stored_contract *a, const struct stored_contract *b) {
    return bytes_equal(a->state, b->state) && a->event_count == b->event_count &&
           a->last_event_day.number == b->last_event_day.number && a->status == b->status &&
           a->principal_left.fen == b->principal_left.fen && a->left.fen == b->left.fen &&
           a->oldest_unpaid_day.number == b->oldest_unpaid_day.number;
}

/* False when terms or an event do not decode, or an event is not the next of its row. */
static bool replay(struct arena *arena, const struct stored_contract *stored,
    const struct stored_event *events, size_t count, struct replay *replay) {
    struct contract_event *history = ARENA_ARRAY(arena, count + 1, struct contract_event);
    bool sound = terms_decode(stored->terms.at, stored->terms.length, &replay->terms);
    for (size_t i = 0; i < count && sound; i++) {
        const struct stored_event *event = &events[i];
        sound = contract_event_decode(event->body.at, event->body.length, &history[i]) &&
                history[i].sequence == i + 1 && (int64_t)history[i].sequence == event->sequence &&
                (int32_t)history[i].kind == event->kind &&
                history[i].day.number == event->day.number;
    }
    if (sound) {
        contract_new(&replay->state);
        contract_replay(&replay->terms, history, count, &replay->state);
    }
    return sound;
}

/*
 * Every entry of a contract is the difference of two states, so all of them together are that of
 * the last one and none.
 */
static void check_sums(const struct check *check, const struct stored_contract *stored,
    const struct chain_sums *sums, struct replay *replay) {
    int64_t net[ACCOUNT_COUNT] = {0};
    contract_new(&replay->nothing);
    contract_difference(&replay->terms, &replay->nothing, &replay->state, &replay->update);
    for (int32_t i = 0; i < replay->update.movement_count; i++) {
        const struct movement_line *line = &replay->update.movements[i];
        const struct posting_row *row = posting_row((enum posting_rule)line->movement);
        net[row->debit] += line->amount.fen;
        net[row->credit] -= line->amount.fen;
    }
    for (int i = 0; i < ACCOUNT_COUNT; i++)
        if (net[i] != sums->net[i])
            differ(check,
                "%s: account %s comes to %" PRId64
                " in the journal, but its events make it %" PRId64,
                contract_name(stored).text, account_row((enum account)i)->code, sums->net[i],
                net[i]);
}

static void check_contract(struct check *check, size_t place, const struct stored_event *events,
    size_t count, bool with_sums, struct replay *room) {
    const struct stored_contract *stored = &check->contracts[place];
    struct books_page *page = check->page;
    page->report.contracts++;
    page->report.events += (int64_t)count;
    if (!replay(tx_arena(check->tx), stored, events, count, room)) {
        differ(check, "%s: terms or events are damaged", contract_name(stored).text);
        return;
    }
    struct stored_contract derived = *stored;
    derive_contract_columns(tx_arena(check->tx), &room->terms, &room->state, &derived);
    if (!same_columns(stored, &derived)) {
        differ(check, "%s: state or columns differ from its events: fenqi rebuild mends it",
            contract_name(stored).text);
        page->differing = arena_grow(tx_arena(check->tx), page->differing, page->differing_count,
            &page->differing_room, sizeof *page->differing);
        page->differing[page->differing_count++] =
            (struct derived_key){stored->customer_id, stored->contract_id};
    }
    if (!charges_are_disclosed(stored, &room->state))
        differ(check, "%s charges what its cost table does not name", contract_name(stored).text);
    if (with_sums)
        check_sums(check, stored, &check->sums[place], room);
}

static bool before(const struct stored_event *event, const struct stored_contract *contract) {
    return event->customer_id < contract->customer_id ||
           (event->customer_id == contract->customer_id &&
               event->contract_id < contract->contract_id);
}

static void stray(const struct check *check, const struct stored_event *event) {
    differ(check, "customer %" PRId64 ": event %d of contract %" PRId64 ", which is not there",
        event->customer_id, (int)event->sequence, event->contract_id);
}

enum status verify_derived(struct check *check, bool with_sums) {
    struct replay *room = ARENA_ROOM(tx_arena(check->tx), struct replay);
    size_t at = 0;
    for (size_t i = 0; i < check->contract_count; i++) {
        const struct stored_contract *contract = &check->contracts[i];
        for (; at < check->event_count && before(&check->events[at], contract); at++)
            stray(check, &check->events[at]);
        size_t first = at;
        while (at < check->event_count && check->events[at].customer_id == contract->customer_id &&
               check->events[at].contract_id == contract->contract_id)
            at++;
        check_contract(check, i, &check->events[first], at - first, with_sums, room);
    }
    for (; at < check->event_count; at++)
        stray(check, &check->events[at]);
    return STATUS_OK;
}

enum status mend_derived(struct tx *tx, struct derived_key key) {
    struct stored_contract *stored, derived;
    struct stored_event *events;
    size_t count;
    enum status status = stored_contract_load(tx, key.customer_id, key.contract_id, &stored);
    if (status == STATUS_OK && stored != NULL)
        status = stored_event_list(tx, key.customer_id, key.contract_id, &events, &count);
    if (status != STATUS_OK || stored == NULL)
        return status;
    struct replay *room = ARENA_ROOM(tx_arena(tx), struct replay);
    if (!replay(tx_arena(tx), stored, events, count, room))
        return fault_set(tx_fault(tx), STATUS_CORRUPT,
            "terms or events of contract %" PRId64 " of customer %" PRId64 " are damaged",
            key.contract_id, key.customer_id);
    derived = *stored;
    derive_contract_columns(tx_arena(tx), &room->terms, &room->state, &derived);
    if (same_columns(stored, &derived))
        return STATUS_OK;
    derived.next_action_day = stored->next_action_day; /* depends on the day-end's progress */
    return stored_contract_save(tx, &derived);
}
