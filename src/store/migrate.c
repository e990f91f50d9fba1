/*
 * migrate.c: the schema brought forward. Exports store_migrate, migrate_with, migrations_compare,
 * migrations_find_applied.
 *
 * Each migration is one transaction that also records it; before it starts, what the database has
 * is read again under the lock, so that two processes starting together do not run it twice.
 */
#include "store/migrate.h"

#include "base/check.h"
#include "store/statement.h"
#include "store/store_internal.h"
#include "store/tx.h"

#include <string.h>

/* Locked while migrating; unlike any customer's id. */
static const int64_t migration_key = INT64_MIN;

static const char make_record[] = "CREATE TABLE IF NOT EXISTS schema_migration ("
                                  "number INTEGER NOT NULL, name TEXT NOT NULL,"
                                  "checksum TEXT NOT NULL, applied_at_us BIGINT NOT NULL,"
                                  "PRIMARY KEY (number))";

static enum status load_applied(struct tx *tx, struct applied **first) {
    struct applied **end = first;
    struct statement *statement = statement_start(tx, QUERY_SCHEMA_MIGRATION_LIST);
    while (statement_step(statement)) {
        struct applied *row = ARENA_NEW(tx->arena, struct applied);
        row->number = statement_integer32(statement, 0);
        row->name = statement_text(statement, 1);
        row->checksum = statement_text(statement, 2);
        row->applied_at = statement_instant(statement, 3);
        *end = row;
        end = &row->next;
    }
    *end = NULL;
    return statement_end(statement);
}

static const struct migration *find(struct migration_list list, int32_t number) {
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].number == number)
            return &list.items[i];
    return NULL;
}

const struct applied *migrations_find_applied(const struct applied *first, int32_t number) {
    while (first != NULL && first->number != number)
        first = first->next;
    return first;
}

enum status migrations_compare(
    struct migration_list list, const struct applied *first, struct fault *fault) {
    int32_t newest = list.count == 0 ? 0 : list.items[list.count - 1].number;
    for (const struct applied *row = first; row != NULL; row = row->next) {
        const struct migration *known = find(list, row->number);
        if (known == NULL)
            return fault_set(fault, STATUS_INVALID,
                "the database has migration %04d %s, this program knows up to %04d: "
                "use a newer program",
                row->number, row->name, newest);
        if (strcmp(known->checksum, row->checksum) != 0)
            return fault_set(fault, STATUS_INVALID,
                "migration %04d %s was applied to the database with another content", row->number,
                row->name);
    }
    return STATUS_OK;
}

static enum status record(struct tx *tx, const struct migration *migration) {
    struct statement *statement = statement_start(tx, QUERY_SCHEMA_MIGRATION_INSERT);
    statement_bind_integer(statement, 1, migration->number);
    statement_bind_text(statement, 2, migration->name);
    statement_bind_text(statement, 3, migration->checksum);
    statement_bind_instant(statement, 4, tx_now(tx));
    return statement_run(statement);
}

/* The oldest migration that the database has not had, or NULL. Makes the record when it is new. */
static enum status next_migration(
    struct tx *tx, struct migration_list list, const struct migration **next) {
    struct applied *first;
    *next = NULL;
    enum status status = tx->driver->script(tx->connection, make_record, &tx->fault);
    if (status == STATUS_OK)
        status = load_applied(tx, &first);
    if (status == STATUS_OK)
        status = migrations_compare(list, first, &tx->fault);
    for (size_t i = 0; status == STATUS_OK && *next == NULL && i < list.count; i++)
        if (migrations_find_applied(first, list.items[i].number) == NULL)
            *next = &list.items[i];
    return status;
}

/*
 * What a table's lock may be waited for: whoever waits for it makes everybody else wait behind
 * him, so that it is better to give up and say so.
 */
static const char lock_patience[] = "SET LOCAL lock_timeout = 20000";

static enum status apply(struct tx *tx, const struct migration *next) {
    bool sqlite = tx->driver == &driver_sqlite;
    enum status status = STATUS_OK;
    if (!sqlite)
        status = tx->driver->script(tx->connection, lock_patience, &tx->fault);
    if (status == STATUS_OK)
        status =
            tx->driver->script(tx->connection, sqlite ? next->sqlite : next->postgres, &tx->fault);
    if (status == STATUS_OK)
        status = record(tx, next);
    if (status != STATUS_OK)
        fault_wrap(&tx->fault, "migration %04d %s", next->number, next->name);
    return status;
}

/* One transaction: at most one migration. *more says whether one was applied. */
static enum status migrate_one(struct tx *tx, struct migration_list list, bool *more) {
    const struct driver *driver = tx->driver;
    const struct migration *next = NULL;
    *more = false;
    enum status status = driver->begin(tx->connection, &tx->fault);
    if (status != STATUS_OK)
        return status;
    status = driver->lock(tx->connection, &migration_key, 1, &tx->fault);
    if (status == STATUS_OK)
        status = next_migration(tx, list, &next);
    if (status == STATUS_OK && next != NULL)
        status = apply(tx, next);
    if (status == STATUS_OK)
        status = driver->commit(tx->connection, &tx->fault);
    else
        driver->rollback(tx->connection);
    *more = status == STATUS_OK && next != NULL;
    return status;
}

enum status migrate_with(struct store *store, struct migration_list list, struct fault *fault) {
    struct connection *connection;
    struct driver_options options = store->driver_options;
    options.query_timeout_ms = 0; /* a large table takes as long as it takes */
    enum status status = store->driver->open(&options, DRIVER_WRITER, &connection, fault);
    bool more = status == STATUS_OK;
    FENQI_ARENA arena = arena_create(16 * 1024);
    while (more) {
        struct tx tx;
        tx_start(&tx, store, connection, arena, false);
        status = migrate_one(&tx, list, &more);
        check(tx.open_statements == 0);
        if (status != STATUS_OK && fault != NULL)
            *fault = tx.fault;
        arena_reset(arena);
    }
    store->driver->close(connection);
    return status;
}

enum status store_migrate(struct store *store, struct fault *fault) {
    return migrate_with(store, migration_list_all(), fault);
}
