/* migration_plan.c: what migrating would do. Exports store_migration_plan, migration_plan_with. */
#include "store/console_connection.h"
#include "store/migrate.h"

#include <stdlib.h>

struct reading {
    struct arena *arena;
    struct applied *first;
    struct applied **end;
};

static void take_applied(void *context, char **columns) {
    struct reading *reading = context;
    struct applied *row = ARENA_NEW(reading->arena, struct applied);
    row->number = (int32_t)strtol(columns[0], NULL, 10);
    row->name = columns[1];
    row->checksum = columns[2];
    row->applied_at = (struct instant){strtoll(columns[3], NULL, 10)};
    row->next = NULL;
    *reading->end = row;
    reading->end = &row->next;
}

static enum status has_table(struct console_connection *connection, struct arena *arena,
    const char *table, bool *there, struct fault *fault) {
    int64_t number;
    const char *text =
        console_is_postgres(connection)
            ? arena_printf(arena, "SELECT to_regclass('%s')::oid::bigint", table)
            : arena_printf(
                  arena, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '%s'", table);
    enum status status = console_number(connection, arena, text, 0, &number, fault);
    *there = status == STATUS_OK && number != 0;
    return status;
}

static enum status load_applied(struct console_connection *connection, struct arena *arena,
    struct applied **first, struct fault *fault) {
    bool there;
    struct reading reading = {.arena = arena};
    reading.end = &reading.first;
    enum status status = has_table(connection, arena, "schema_migration", &there, fault);
    if (status == STATUS_OK && there)
        status = console_rows(connection, arena,
            "SELECT number, name, checksum, applied_at_us FROM schema_migration ORDER BY number",
            take_applied, &reading, fault);
    *first = reading.first;
    return status;
}

/* PostgreSQL's own estimate: of the last ANALYZE, or what it counted since, or 0 when it is new. */
static const char estimate[] =
    "SELECT CASE WHEN c.reltuples >= 0 THEN CAST(c.reltuples AS BIGINT)"
    " ELSE COALESCE(s.n_live_tup, 0) END FROM pg_class c"
    " LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid WHERE c.oid = to_regclass('%s')";

static enum status rows_of(struct console_connection *connection, struct arena *arena,
    const char *table, int64_t *rows, struct fault *fault) {
    bool there = false;
    *rows = -1;
    if (table[0] == '\0')
        return STATUS_OK;
    enum status status = has_table(connection, arena, table, &there, fault);
    if (status != STATUS_OK || !there)
        return status;
    const char *text = console_is_postgres(connection)
                           ? arena_printf(arena, estimate, table)
                           : arena_printf(arena, "SELECT COUNT(*) FROM \"%s\"", table);
    return console_number(connection, arena, text, -1, rows, fault);
}

static enum status plan_steps(struct console_connection *connection, struct arena *arena,
    const struct migration *migration, struct planned_migration *planned, struct fault *fault) {
    const struct migration_step *steps =
        console_is_postgres(connection) ? migration->postgres_steps : migration->sqlite_steps;
    size_t count = 0;
    while (steps != NULL && steps[count].text != NULL)
        count++;
    planned->steps = ARENA_ARRAY(arena, count, struct planned_step);
    planned->step_count = count;
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        planned->steps[i] =
            (struct planned_step){steps[i].text, steps[i].table, steps[i].effect, 0};
        status = rows_of(connection, arena, steps[i].table, &planned->steps[i].rows, fault);
    }
    return status;
}

static enum status plan(struct console_connection *connection, struct migration_list list,
    struct arena *arena, struct planned_migration *planned, struct fault *fault) {
    struct applied *first = NULL;
    enum status status = load_applied(connection, arena, &first, fault);
    if (status == STATUS_OK)
        status = migrations_compare(list, first, fault);
    for (size_t i = 0; status == STATUS_OK && i < list.count; i++) {
        const struct migration *migration = &list.items[i];
        const struct applied *had = migrations_find_applied(first, migration->number);
        planned[i] = (struct planned_migration){.number = migration->number,
            .name = migration->name,
            .checksum = migration->checksum,
            .applied = had != NULL};
        if (had != NULL)
            planned[i].applied_at = had->applied_at;
        else
            status = plan_steps(connection, arena, migration, &planned[i], fault);
    }
    return status;
}

enum status migration_plan_with(const char *database, struct migration_list list,
    struct arena *arena, struct planned_migration **migrations, size_t *count,
    struct fault *fault) {
    struct console_connection *connection;
    *migrations = ARENA_ARRAY(arena, list.count, struct planned_migration);
    *count = 0;
    enum status status = console_open(database, false, &connection, fault);
    if (status != STATUS_OK)
        return status;
    status = plan(connection, list, arena, *migrations, fault);
    if (status == STATUS_OK)
        *count = list.count;
    console_close(connection);
    return status;
}

enum status store_migration_plan(const char *database, struct arena *arena,
    struct planned_migration **migrations, size_t *count, struct fault *fault) {
    return migration_plan_with(database, migration_list_all(), arena, migrations, count, fault);
}
