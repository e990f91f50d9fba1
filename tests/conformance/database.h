/*
 * database.h: a fresh database for one test. Exports: struct database and its functions, run(),
 * read_back().
 *
 * SQLite in a folder of its own under the temporary directory, or, when FENQI_TEST_DATABASE is a
 * PostgreSQL URL, a fresh schema in that database. Removed by database_destroy().
 */
#ifndef FENQI_TESTS_CONFORMANCE_DATABASE_H
#define FENQI_TESTS_CONFORMANCE_DATABASE_H

#include "store/store.h"

struct database {
    char url[600];
    char folder[100]; /* SQLite */
    char schema[60];  /* PostgreSQL */
    struct store *store;
    struct arena *arena;
};

bool database_is_postgres(void);

/* Creates, opens and migrates. Any failure fails the test with its text. */
struct database *database_create(const struct store_options *options);

/* Only makes the folder or schema and the URL: nothing is opened. */
struct database *database_prepare(void);

/* Opens the store of a prepared or closed database. Does not migrate. */
void database_open(struct database *database, const struct store_options *options);

void database_close(struct database *database);
void database_destroy(struct database *database);

/* Runs a text of statements beside the store: breaking things on purpose. */
void database_script(struct database *database, const char *text);

/* The one number that a query beside the store gives. */
long long database_number(struct database *database, const char *text);

/* Waits until the server has noticed that other clients are gone; nothing to do on SQLite. */
void database_wait_alone(struct database *database);

#endif
