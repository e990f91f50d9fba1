/*
 * migrate.h: the runner of migrations over any list of them; internal to src/store and its tests.
 * Exports: migrate_with(). store_migrate() is migrate_with() over what the binary carries.
 */
#ifndef FENQI_STORE_MIGRATE_H
#define FENQI_STORE_MIGRATE_H

#include "store/migration_table.h"
#include "store/store.h"

/* Applies what of `list` the database has not had. Errors as store_migrate(). */
enum status migrate_with(
    struct store *store, struct migration_list list, struct fault *fault) FENQI_MUST_USE;

#endif
