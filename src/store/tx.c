/* tx.c: the functions that a unit calls on its transaction. Exports what tx.h and store.h declare.
 */
#include "store/tx.h"

#include "base/check.h"
#include "store/setting.h"
#include "store/store_internal.h"

#include <string.h>

void tx_start(struct tx *tx, struct store *store, struct connection *connection,
    struct arena *arena, bool read_only) {
    *tx = (struct tx){.store = store,
        .driver = store->driver,
        .connection = connection,
        .arena = arena,
        .lasting = arena,
        .read_only = read_only};
    tx->hooks_end = &tx->hooks;
}

enum status tx_call(struct tx *tx, unit_function function, void *context) {
    enum status status = function(tx, context);
    check(tx->open_statements == 0);
    if (status == STATUS_OK)
        status = tx->broken; /* a statement failed and the unit went on: PostgreSQL would not */
    if (status != STATUS_OK && tx->fault.text[0] == '\0')
        fault_set(&tx->fault, status, "%s", status_name(status));
    return status;
}

void tx_release_hooks(struct hook *hooks) {
    for (struct hook *hook = hooks; hook != NULL; hook = hook->next)
        hook->function(hook->argument);
}

void *tx_grown(struct tx *tx, void *at, size_t count, size_t size) {
    bool full = count == 0 || (count >= 8 && (count & (count - 1)) == 0);
    if (!full)
        return at;
    void *more = arena_array(tx->arena, count == 0 ? 8 : count * 2, size);
    if (count > 0)
        memcpy(more, at, count * size);
    return more;
}

struct arena *tx_arena(struct tx *tx) {
    return tx->arena;
}

struct fault *tx_fault(struct tx *tx) {
    return &tx->fault;
}

struct instant tx_now(struct tx *tx) {
    return store_now(tx->store);
}

enum status tx_moment(struct tx *tx, struct moment *moment) {
    moment->now = tx_now(tx);
    return setting_business_date(tx, &moment->business_date);
}

int64_t tx_new_id(struct tx *tx, struct instant now) {
    struct store *store = tx->store;
    check(pthread_mutex_lock(&store->id_lock) == 0);
    int64_t id = id_next(&store->id_source, now);
    check(pthread_mutex_unlock(&store->id_lock) == 0);
    return id;
}

void tx_random(struct tx *tx, void *buffer, size_t size) {
    tx->store->options.entropy(tx->store->options.entropy_context, buffer, size);
}

void tx_refuse(struct tx *tx) {
    tx->refused = true;
}

void tx_on_commit(struct tx *tx, void (*function)(void *argument), void *argument) {
    check(!tx->read_only);
    struct hook *hook = ARENA_NEW(tx->lasting, struct hook);
    hook->function = function;
    hook->argument = argument;
    *tx->hooks_end = hook;
    tx->hooks_end = &hook->next;
}
