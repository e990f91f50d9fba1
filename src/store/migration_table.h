/*
 * migration_table.h: the migrations that the binary carries; internal to src/store and its tests.
 * Exports: struct migration, struct migration_list, migration_list_all().
 */
#ifndef FENQI_STORE_MIGRATION_TABLE_H
#define FENQI_STORE_MIGRATION_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct migration {
    int32_t number;
    const char *name;
    const char *checksum; /* hex SHA-256 of what is executed */
    const char *sqlite;
    const char *postgres;
};

struct migration_list {
    const struct migration *items; /* oldest first */
    size_t count;
};

struct migration_list migration_list_all(void);

#endif
