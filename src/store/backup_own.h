/*
 * backup_own.h: what the two ways of a backup share; internal to src/store. Exports:
 * backup_facts_query, struct backup_way, backup_sqlite, backup_postgres.
 */
#ifndef FENQI_STORE_BACKUP_OWN_H
#define FENQI_STORE_BACKUP_OWN_H

#include "store/backup.h"

/* One row: the newest migration, the business date, and how many rows of four tables. */
extern const char backup_facts_query[];

/* As the functions of backup.h; `address` is what follows "sqlite:", or the whole postgres URL. */
struct backup_way {
    const char *kind;
    enum status (*take)(const char *address, const char *path, struct backup_facts *facts,
        backup_progress progress, void *context, struct fault *fault);
    enum status (*inspect)(const char *path, struct backup_facts *facts, struct fault *fault);
    enum status (*count)(const char *address, struct backup_facts *facts, struct fault *fault);
    enum status (*place)(const char *address, const char *folder, const char *aside,
        struct arena *arena, const char **path, struct fault *fault);
    enum status (*put)(const char *address, const char *path, struct fault *fault);
};

extern const struct backup_way backup_sqlite;
extern const struct backup_way backup_postgres;

#endif
