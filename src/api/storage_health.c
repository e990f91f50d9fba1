/* storage_health.c: see storage_health.h. */
#include "api/storage_health.h"

#include "store/setting.h"

#include <inttypes.h>

static bool blames_storage(enum status status) {
    switch (status) {
    case STATUS_IO:
    case STATUS_FULL:
    case STATUS_UNAVAILABLE:
    case STATUS_TIMEOUT:
    case STATUS_CORRUPT:
    case STATUS_DAMAGED:
    case STATUS_DENIED:
        return true;
    case STATUS_OK:
    case STATUS_INVALID:
    case STATUS_NOT_FOUND:
    case STATUS_CONFLICT:
        return false;
    }
    return false;
}

void storage_health_note(struct storage_health *health, enum status status) {
    if (status == STATUS_DAMAGED)
        atomic_store(&health->damaged, true);
    if (status == STATUS_OK)
        atomic_store(&health->trouble, STATUS_OK);
    else if (blames_storage(status))
        atomic_store(&health->trouble, (int)status);
}

/* A small write that nobody reads. */
static enum status probe(struct tx *tx, void *context) {
    (void)context;
    return setting_save(tx, "storage_probe", arena_printf(tx_arena(tx), "%" PRId64, tx_now(tx).us));
}

static void probed(struct unit *unit) {
    struct storage_health *health = unit->waiter;
    storage_health_note(health, unit->status);
    atomic_flag_clear(&health->probe_busy);
}

enum status storage_health_ask(struct storage_health *health, struct store *store) {
    if (atomic_load(&health->damaged))
        return STATUS_DAMAGED;
    enum status trouble = (enum status)atomic_load(&health->trouble);
    if (trouble == STATUS_OK || atomic_flag_test_and_set(&health->probe_busy))
        return trouble;
    health->probe = (struct unit){
        .run = probe, .context = NULL, .key = STORE_NO_KEY, .done = probed, .waiter = health};
    if (store_submit(store, &health->probe) != STATUS_OK)
        atomic_flag_clear(&health->probe_busy);
    return trouble;
}
