/*
 * distribute.c: the schema spread over many machines by the extension Citus. Exports
 * store_distribution_plan, store_distribute.
 *
 * What goes where is sql/distribution.tsv. What is done already is asked of the view citus_tables;
 * each table is spread in a transaction of its own, under the lock that migrations take.
 */
#include "store/console_connection.h"
#include "store/migrations.h"

#include <inttypes.h>
#include <string.h>

struct placement {
    const char *table;
    const char *column; /* NULL: a copy on every machine */
    const char *beside; /* the table whose shards it shares; NULL: shards of its own */
};

#include "distribution_table.inc"

enum { PLACEMENT_COUNT = sizeof placement_table / sizeof placement_table[0] };

static const char begin_locked[] =
    "BEGIN; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(-9223372036854775808)";

static const char *statement_of(
    struct arena *arena, const struct placement *placement, int32_t shard_count) {
    if (placement->column == NULL)
        return arena_printf(arena, "SELECT create_reference_table('%s')", placement->table);
    if (placement->beside != NULL)
        return arena_printf(arena,
            "SELECT create_distributed_table('%s', '%s', colocate_with => '%s')", placement->table,
            placement->column, placement->beside);
    return arena_printf(arena,
        "SELECT create_distributed_table('%s', '%s', colocate_with => 'none', shard_count => "
        "%" PRId32 ")",
        placement->table, placement->column, shard_count);
}

/* Whether the server can do it at all. */
static enum status find_extension(
    struct console_connection *connection, struct arena *arena, bool *there, struct fault *fault) {
    int64_t number;
    enum status status = console_number(connection, arena,
        "SELECT COUNT(*) FROM pg_proc WHERE proname = 'create_distributed_table'", 0, &number,
        fault);
    *there = status == STATUS_OK && number > 0;
    return status;
}

struct found {
    char *kind;
    char *column;
};

static void take_found(void *context, char **columns) {
    *(struct found *)context = (struct found){columns[0], columns[1]};
}

/* Whether a table is where it must be; CONFLICT when it is somewhere else. */
static enum status look(struct console_connection *connection, struct arena *arena,
    const struct placement *placement, bool *done, struct fault *fault) {
    struct found found = {NULL, NULL};
    *done = false;
    enum status status = console_rows(connection, arena,
        arena_printf(arena,
            "SELECT citus_table_type, distribution_column FROM citus_tables"
            " WHERE table_name = to_regclass('%s')",
            placement->table),
        take_found, &found, fault);
    if (status != STATUS_OK || found.kind == NULL || strcmp(found.kind, "local") == 0)
        return status;
    const char *kind = placement->column == NULL ? "reference" : "distributed";
    bool same = strcmp(found.kind, kind) == 0 &&
                (placement->column == NULL ||
                    (found.column != NULL && strcmp(found.column, placement->column) == 0));
    if (!same)
        return fault_set(fault, STATUS_CONFLICT,
            "table %s is spread already, but as %s by %s: undistribute_table('%s') first",
            placement->table, found.kind, found.column == NULL ? "nothing" : found.column,
            placement->table);
    *done = true;
    return STATUS_OK;
}

static enum status must_exist(struct console_connection *connection, struct arena *arena,
    const char *table, struct fault *fault) {
    int64_t number;
    enum status status = console_number(connection, arena,
        arena_printf(arena, "SELECT to_regclass('%s')::oid::bigint", table), 0, &number, fault);
    if (status == STATUS_OK && number == 0)
        return fault_set(fault, STATUS_NOT_FOUND,
            "the database has no table %s: run `fenqi migrate` first", table);
    return status;
}

static enum status plan(struct console_connection *connection, int32_t shard_count,
    struct arena *arena, struct distribution_step *steps, bool *able, struct fault *fault) {
    if (!console_is_postgres(connection))
        return fault_set(
            fault, STATUS_INVALID, "only a PostgreSQL database can be spread over machines");
    enum status status = find_extension(connection, arena, able, fault);
    for (int i = 0; status == STATUS_OK && i < PLACEMENT_COUNT; i++) {
        const struct placement *placement = &placement_table[i];
        steps[i] = (struct distribution_step){
            placement->table, statement_of(arena, placement, shard_count), false};
        status = must_exist(connection, arena, placement->table, fault);
        if (status == STATUS_OK && *able)
            status = look(connection, arena, placement, &steps[i].done, fault);
    }
    return status;
}

/* One table, unless another process was first. */
static enum status spread(struct console_connection *connection, struct arena *arena,
    const struct placement *placement, struct distribution_step *step, struct fault *fault) {
    struct fault second = {0};
    enum status status = console_run(connection, begin_locked, fault);
    if (status == STATUS_OK)
        status = look(connection, arena, placement, &step->done, fault);
    if (status == STATUS_OK && !step->done)
        status = console_run(connection, step->statement, fault);
    if (status != STATUS_OK) {
        if (console_run(connection, "ROLLBACK", &second) != STATUS_OK)
            return status; /* the connection is gone, and with it the transaction */
        return fault_wrap(fault, "table %s", placement->table);
    }
    status = console_run(connection, "COMMIT", fault);
    step->done = status == STATUS_OK;
    return status;
}

static enum status distribute(const char *database, bool writes, int32_t shard_count,
    struct arena *arena, struct distribution_step **steps, size_t *count, struct fault *fault) {
    struct console_connection *connection;
    bool able = false;
    *count = 0;
    *steps = ARENA_ARRAY(arena, PLACEMENT_COUNT, struct distribution_step);
    enum status status = console_open(database, writes, &connection, fault);
    if (status != STATUS_OK)
        return status;
    status = plan(connection, shard_count, arena, *steps, &able, fault);
    if (status == STATUS_OK && writes && !able)
        status = fault_set(fault, STATUS_NOT_FOUND,
            "the database has no extension citus: install Citus 11 or newer on every machine, put "
            "citus into shared_preload_libraries, restart, then CREATE EXTENSION citus");
    for (int i = 0; status == STATUS_OK && writes && i < PLACEMENT_COUNT; i++)
        if (!(*steps)[i].done)
            status = spread(connection, arena, &placement_table[i], &(*steps)[i], fault);
    if (status == STATUS_OK)
        *count = PLACEMENT_COUNT;
    console_close(connection);
    return status;
}

enum status store_distribution_plan(const char *database, int32_t shard_count, struct arena *arena,
    struct distribution_step **steps, size_t *count, struct fault *fault) {
    return distribute(database, false, shard_count, arena, steps, count, fault);
}

enum status store_distribute(const char *database, int32_t shard_count, struct arena *arena,
    struct distribution_step **steps, size_t *count, struct fault *fault) {
    return distribute(database, true, shard_count, arena, steps, count, fault);
}
