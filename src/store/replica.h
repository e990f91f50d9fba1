/*
 * replica.h: how old the data of a database are. Exports: struct data_age, store_data_age().
 */
#ifndef FENQI_STORE_REPLICA_H
#define FENQI_STORE_REPLICA_H

#include "base/arena.h"
#include "base/day.h"
#include "base/fault.h"

#include <stdbool.h>
#include <stdint.h>

struct data_age {
    bool replica;
    bool behind;    /* something that it does not show yet has been, or may have been, written */
    int64_t age_ms; /* since the newest commit that it shows; 0 when it is not behind */
    struct instant as_of; /* of that commit; {0} when the replica has seen none */
};

/*
 * Asks `database` (a URL as in struct store_options). A replica that is connected to its primary
 * and has applied all that it received is not behind. One that has lost its primary is taken to be
 * behind since its newest commit: it cannot know better. Errors: as those of a connection.
 */
enum status store_data_age(const char *database, struct arena *arena, struct data_age *age,
    struct fault *fault) FENQI_MUST_USE;

#endif
