/*
 * migrate.h: the runner of migrations over any list of them; internal to src/store and its tests.
 * Exports: migrate_with(), migration_plan_with(), and what both share: struct applied,
 * migrations_compare(), migrations_find_applied(). store_migrate() is migrate_with() over what the
 * binary carries.
 */
#ifndef FENQI_STORE_MIGRATE_H
#define FENQI_STORE_MIGRATE_H

#include "store/migration_table.h"
#include "store/store.h"

/* What a database has had; a chain in the order of the numbers. */
struct applied {
    int32_t number;
    char *name;
    char *checksum;
    struct instant applied_at;
    struct applied *next;
};

/* Applies what of `list` the database has not had. Errors as store_migrate(). */
enum status migrate_with(
    struct store *store, struct migration_list list, struct fault *fault) FENQI_MUST_USE;

/* As store_migration_plan(), over any list. */
enum status migration_plan_with(const char *database, struct migration_list list,
    struct arena *arena, struct planned_migration **migrations, size_t *count,
    struct fault *fault) FENQI_MUST_USE;

/* INVALID for a database that has what `list` does not know, or knows with another content. */
enum status migrations_compare(
    struct migration_list list, const struct applied *first, struct fault *fault) FENQI_MUST_USE;

/* NULL: not applied. */
const struct applied *migrations_find_applied(const struct applied *first, int32_t number);

#endif
