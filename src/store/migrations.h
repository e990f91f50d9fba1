/*
 * migrations.h: what a database has had of the schema's migrations, what it would get, and how its
 * tables are spread over many machines; beside a store, on connections of their own. Exports: enum
 * migration_effect, struct planned_migration, store_migration_plan(), struct distribution_step,
 * store_distribution_plan(), store_distribute().
 */
#ifndef FENQI_STORE_MIGRATIONS_H
#define FENQI_STORE_MIGRATIONS_H

#include "base/arena.h"
#include "base/day.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a statement does to a table that is in use; by PostgreSQL 15 and SQLite 3.37. */
enum migration_effect {
    EFFECT_NEW,      /* makes something new, nobody waits */
    EFFECT_BRIEF,    /* everybody waits for a moment, no row is written */
    EFFECT_READS,    /* reads every row, writers wait meanwhile */
    EFFECT_ROWS,     /* writes rows, writers of these rows wait until the end */
    EFFECT_REWRITES, /* writes every row anew, everybody waits */
    EFFECT_DROPS,    /* the table is gone */
    EFFECT_UNKNOWN,  /* not recognised: read it */
};

struct planned_step {
    const char *text;  /* the statement in short */
    const char *table; /* "": none */
    enum migration_effect effect;
    int64_t rows; /* in that table: counted on SQLite, estimated by PostgreSQL; -1: no such table */
};

struct planned_migration {
    int32_t number;
    const char *name;
    const char *checksum;
    bool applied;
    struct instant applied_at;
    struct planned_step *steps; /* of one that is not applied */
    size_t step_count;
};

/*
 * What store_migrate() would do to `database` (a URL as in struct store_options), oldest first, in
 * `arena`. Changes nothing: neither file nor table is made. Errors: as store_migrate(), so that a
 * database which it would refuse is refused here.
 */
enum status store_migration_plan(const char *database, struct arena *arena,
    struct planned_migration **migrations, size_t *count, struct fault *fault) FENQI_MUST_USE;

/* One table of sql/distribution.tsv and the statement that spreads it. */
struct distribution_step {
    const char *table;
    const char *statement;
    bool done;
};

/*
 * The statements that make the schema a distributed one, in their order. `done` tells what the
 * database has already, false everywhere when it has no extension citus. `shard_count` is that of
 * the customers' tables. Errors: INVALID (not PostgreSQL), NOT_FOUND (a table is missing: migrate
 * first), CONFLICT (a table is spread in another way), else those of a connection.
 */
enum status store_distribution_plan(const char *database, int32_t shard_count, struct arena *arena,
    struct distribution_step **steps, size_t *count, struct fault *fault) FENQI_MUST_USE;

/*
 * Runs what of them is not done, each in a transaction of its own: what was interrupted is taken up
 * again. Errors: as the plan; NOT_FOUND also when the extension is not there.
 */
enum status store_distribute(const char *database, int32_t shard_count, struct arena *arena,
    struct distribution_step **steps, size_t *count, struct fault *fault) FENQI_MUST_USE;

#endif
