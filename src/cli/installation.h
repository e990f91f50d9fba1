/*
 * installation.h: what a command works on: the data folder with its key file, and the database.
 * Exports: struct installation, installation_open/close/address(), INSTALLATION_OPTIONS.
 */
#ifndef FENQI_CLI_INSTALLATION_H
#define FENQI_CLI_INSTALLATION_H

#include "cli/cli.h"
#include "codec/vault.h"
#include "store/store.h"

struct installation {
    const char *database; /* NULL: sqlite:DATA/fenqi.db */
    bool pooled;          /* the database is behind a pooler (struct store_options) */
    const char *data;     /* folder of the keys; made when missing */
    struct store *store;
    struct vault vault;
};

/* The two rows that every command's option table starts with. */
#define INSTALLATION_OPTIONS(installation)                                                         \
    {"--database", "FENQI_DATABASE", CLI_TEXT, &(installation).database, 0, 0},                    \
        {"--data", "FENQI_DATA", CLI_TEXT, &(installation).data, 0, 0}, {                          \
        "--pooled", "FENQI_POOLED", CLI_FLAG, &(installation).pooled, 0, 0                         \
    }

/*
 * Makes the data folder when it is missing (0700), reads the master key of DATA/master.key or, at
 * the first start, makes it (0600, synced), opens the database with `options` (NULL: defaults;
 * clock, entropy and database are filled in here) and migrates it unless it is read only. The
 * caller closes it.
 */
enum status installation_open(struct installation *installation, struct cli *cli,
    const struct store_options *options, struct fault *fault) FENQI_MUST_USE;
/* Fills in `database` when only the folder is given; touches nothing. */
enum status installation_address(
    struct installation *installation, struct cli *cli, struct fault *fault) FENQI_MUST_USE;
void installation_close(struct installation *installation);

#endif
