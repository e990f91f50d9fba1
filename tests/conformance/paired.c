/* paired.c: units whose halves can be told apart. Exports what paired.h declares. */
#include "../unit/cmocka_include.h"

#include "paired.h"

#include "store/audit.h"
#include "store/event_log.h"

#include <stdio.h>

static void mark_committed(void *argument) {
    struct paired *paired = argument;
    assert_false(paired->committed);
    paired->committed = true;
}

enum status paired_run(struct tx *tx, void *context) {
    struct paired *paired = context;
    int64_t user_id = paired->number % PAIRED_USERS + 10;
    struct audit_record record = {.customer_id = user_id,
        .audit_id = paired->number + 1,
        .actor_kind = ACTOR_SYSTEM,
        .action = "paired",
        .subject = "",
        .created_at = tx_now(tx)};
    struct counter counter = {
        .name = arena_printf(tx_arena(tx), "paired_%lld", (long long)user_id)};
    tx_on_commit(tx, mark_committed, paired);
    enum status status = audit_insert(tx, &record);
    if (status == STATUS_OK)
        status = event_log_append(tx, tx_now(tx), user_id, "paired",
            arena_printf(tx_arena(tx), "\"n\":%d", paired->number));
    if (status == STATUS_OK)
        status = add_one(tx, &counter);
    return status;
}

long long paired_check(struct database *database, const int32_t *acknowledged, size_t count) {
    long long sum = 0;
    for (int user = 0; user < PAIRED_USERS; user++) {
        char text[300], name[40];
        int id = user + 10;
        snprintf(text, sizeof text, "SELECT COUNT(*) FROM audit WHERE customer_id = %d", id);
        long long records = database_number(database, text);
        snprintf(text, sizeof text, "SELECT COUNT(*) FROM event_log WHERE user_id = %d", id);
        assert_int_equal(database_number(database, text), records);
        snprintf(text, sizeof text,
            "SELECT COALESCE(MAX(number), 0) FROM event_log WHERE user_id = %d", id);
        assert_int_equal(database_number(database, text), records);
        snprintf(name, sizeof name, "paired_%d", id);
        assert_int_equal(counter_value(database, name), records);
        sum += records;
    }
    for (size_t i = 0; i < count; i++) {
        char text[300];
        snprintf(text, sizeof text,
            "SELECT COUNT(*) FROM audit WHERE customer_id = %d AND audit_id = %d",
            acknowledged[i] % PAIRED_USERS + 10, acknowledged[i] + 1);
        if (database_number(database, text) != 1)
            fail_msg("unit %d was acknowledged and is lost", acknowledged[i]);
    }
    return sum;
}
