/*
 * stored_contract.h: contracts and their facts. Exports: struct stored_contract, struct
 * stored_event, struct accepted_cost_table and their queries.
 *
 * Terms, state and event bodies are the engine's encodings and opaque here. Only
 * service/apply_contract_event writes events and the derived part.
 */
#ifndef FENQI_STORE_STORED_CONTRACT_H
#define FENQI_STORE_STORED_CONTRACT_H

#include "base/money.h"
#include "store/customer_range.h"
#include "store/journal_end.h"
#include "store/store.h"

struct stored_contract {
    /* facts */
    int64_t customer_id;
    int64_t contract_id;
    int64_t order_id;
    struct bytes terms;
    int32_t accepted_items;     /* bit 1 << enum cost_kind: what the accepted cost table names */
    struct money accepted_cost; /* the most that interest and fees may come to, by that table */
    struct day activated_on;
    /* derived: saved after each event */
    struct bytes state;
    int32_t event_count; /* also the sequence of the last event: the contract's version */
    struct day last_event_day;
    int32_t status;             /* enum contract_status of the engine */
    struct day next_action_day; /* DAY_NONE: nothing to come */
    struct money principal_left;
    struct money left;            /* everything still to be paid as scheduled */
    struct day oldest_unpaid_day; /* due day; DAY_NONE when nothing is unpaid */
    struct journal_end journal_end;
};

enum status stored_contract_insert(
    struct tx *tx, const struct stored_contract *contract) FENQI_MUST_USE;

/* Saves the derived part. */
enum status stored_contract_save(
    struct tx *tx, const struct stored_contract *contract) FENQI_MUST_USE;

/* *contract is NULL when the customer has no such contract. */
enum status stored_contract_load(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct stored_contract **contract) FENQI_MUST_USE;

/* All contracts of a customer, the oldest first. */
enum status stored_contract_of_customer(struct tx *tx, int64_t customer_id,
    struct stored_contract **contracts, size_t *count) FENQI_MUST_USE;

/* Tells that the unit is going to ask for them (statement_foresee()). */
void stored_contract_foresee_all(struct tx *tx, int64_t customer_id);

/* A place in the order of (next_action_day, customer_id, contract_id). Start: day INT32_MIN + 1. */
struct action_place {
    struct day day;
    int64_t customer_id;
    int64_t contract_id;
};
#define ACTION_PLACE_START ((struct action_place){{INT32_MIN + 1}, 0, 0})

/* Contracts with something to do on or before `day`, after `place`, at most `limit`. */
enum status stored_contract_with_action(struct tx *tx, struct day day, struct action_place place,
    int32_t limit, struct stored_contract **contracts, size_t *count) FENQI_MUST_USE;

/* All contracts of a range of customers, in the order of their key. */
enum status stored_contract_of_range(struct tx *tx, struct customer_range range,
    struct stored_contract **contracts, size_t *count) FENQI_MUST_USE;

struct stored_event {
    int64_t customer_id;
    int64_t contract_id;
    int32_t sequence; /* 1, 2, … in the order in which events were learned */
    int32_t kind;     /* enum contract_event_kind of the engine */
    struct day day;   /* on which it counts */
    struct instant recorded_at;
    struct bytes body;
};

/* CONFLICT when the sequence stands already. */
enum status stored_event_insert(struct tx *tx, const struct stored_event *event) FENQI_MUST_USE;
enum status stored_event_list(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct stored_event **events, size_t *count) FENQI_MUST_USE;

/* All events of a range of customers, in the order of their key. */
enum status stored_event_of_range(struct tx *tx, struct customer_range range,
    struct stored_event **events, size_t *count) FENQI_MUST_USE;

struct accepted_cost_table {
    const char *table_json; /* the exact bytes */
    const char *table_hash; /* SHA-256 of them, hex */
    int64_t read_ms;
    struct instant accepted_at;
    const char *consent_version;
};

enum status cost_table_insert(struct tx *tx, int64_t customer_id, int64_t contract_id,
    const struct accepted_cost_table *table) FENQI_MUST_USE;

/* *table is NULL when there is none. */
enum status cost_table_load(struct tx *tx, int64_t customer_id, int64_t contract_id,
    struct accepted_cost_table **table) FENQI_MUST_USE;

#endif
