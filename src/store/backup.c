/* backup.c: picks the way of a backup by the database's URL. Exports what backup.h declares. */
#include "store/backup_own.h"

#include "base/check.h"
#include "store/driver.h"

#include <string.h>

const char backup_facts_query[] =
    "SELECT (SELECT MAX(number) FROM schema_migration),"
    " (SELECT value FROM setting WHERE name = 'business_date'),"
    " (SELECT COUNT(*) FROM customer), (SELECT COUNT(*) FROM contract),"
    " (SELECT COUNT(*) FROM payment), (SELECT COUNT(*) FROM journal_entry)";

static const struct backup_way *way_of(
    const char *database, const char **address, struct fault *fault) {
    const struct driver *driver = driver_for(database, address, fault);
    if (driver == NULL)
        return NULL;
    return driver == &driver_sqlite ? &backup_sqlite : &backup_postgres;
}

const char *backup_kind(const char *database, struct fault *fault) {
    const char *address;
    const struct backup_way *way = way_of(database, &address, fault);
    return way == NULL ? NULL : way->kind;
}

enum status backup_take(const char *database, const char *path, struct backup_facts *facts,
    backup_progress progress, void *context, struct fault *fault) {
    const char *address;
    const struct backup_way *way = way_of(database, &address, fault);
    return way == NULL ? STATUS_INVALID : way->take(address, path, facts, progress, context, fault);
}

enum status backup_check(
    const char *kind, const char *path, struct backup_facts *facts, struct fault *fault) {
    if (strcmp(kind, backup_sqlite.kind) == 0)
        return backup_sqlite.inspect(path, facts, fault);
    if (strcmp(kind, backup_postgres.kind) == 0)
        return backup_postgres.inspect(path, facts, fault);
    return fault_set(fault, STATUS_INVALID, "a copy of kind \"%s\" is not known", kind);
}

enum status backup_count(const char *database, struct backup_facts *facts, struct fault *fault) {
    const char *address;
    const struct backup_way *way = way_of(database, &address, fault);
    return way == NULL ? STATUS_INVALID : way->count(address, facts, fault);
}

enum status backup_place(const char *database, const char *folder, const char *aside,
    struct arena *arena, const char **path, struct fault *fault) {
    const char *address;
    const struct backup_way *way = way_of(database, &address, fault);
    return way == NULL ? STATUS_INVALID : way->place(address, folder, aside, arena, path, fault);
}

enum status backup_put(const char *database, const char *path, struct fault *fault) {
    const char *address;
    const struct backup_way *way = way_of(database, &address, fault);
    return way == NULL ? STATUS_INVALID : way->put(address, path, fault);
}
