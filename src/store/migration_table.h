/*
 * migration_table.h: the migrations that the binary carries; internal to src/store and its tests.
 * Exports: struct migration, struct migration_step, struct migration_list, migration_list_all().
 */
#ifndef FENQI_STORE_MIGRATION_TABLE_H
#define FENQI_STORE_MIGRATION_TABLE_H

#include "store/migrations.h"

#include <stddef.h>
#include <stdint.h>

/* One statement in short; the last of an array has no text. */
struct migration_step {
    const char *text;
    const char *table; /* "": none */
    enum migration_effect effect;
};

struct migration {
    int32_t number;
    const char *name;
    const char *checksum; /* hex SHA-256 of what is executed */
    const char *sqlite;
    const char *postgres;
    const struct migration_step *sqlite_steps; /* NULL: not known */
    const struct migration_step *postgres_steps;
};

struct migration_list {
    const struct migration *items; /* oldest first */
    size_t count;
};

struct migration_list migration_list_all(void);

#endif
