/*
 * shard.h: on which shard a customer's rows lie. Exports: shard_hash(), shard_of().
 *
 * The same function as PostgreSQL's hashint8(), by which Citus spreads a table: ranges of this hash
 * are shards. A committer that owns a range of it owns whole shards (docs/scale.md).
 */
#ifndef FENQI_STORE_SHARD_H
#define FENQI_STORE_SHARD_H

#include <stdint.h>

/* hashint8(customer_id) of PostgreSQL, any version since 8.4. */
int32_t shard_hash(int64_t customer_id);

/* Which of `count` equal ranges of the hash holds it: 0 .. count-1, in the order of the ranges. */
int32_t shard_of(int64_t customer_id, int32_t count);

#endif
