/*
 * lane.h: what a unit that runs together with others does with its queries; internal to src/store.
 * Exports: struct lane, lane_ask(), lane_foresee(), lane_write().
 *
 * A lane is the units of one key in a batch, one after another on a fiber. Where a unit asks, its
 * fiber pauses; when every lane has paused or ended, what all of them ask goes to the server in one
 * round trip. What a unit writes waits until one of its own queries reads the same table, or until
 * the commit. See together.h.
 */
#ifndef FENQI_STORE_LANE_H
#define FENQI_STORE_LANE_H

#include "store/driver.h"

struct lane;

/* Runs a query that answers. The cursor is ready to be stepped and is the caller's to close. */
enum status lane_ask(struct lane *lane, enum query query, const struct value *values,
    struct cursor **cursor, struct fault *fault) FENQI_MUST_USE;

/*
 * Tells of a query that the present unit is going to ask: it travels with the unit's next question,
 * and where the unit asks for the same, as often as it likes, the answer is there. What the unit
 * writes to the query's tables in between makes it forgotten. Only ever a saving of round trips.
 */
void lane_foresee(struct lane *lane, enum query query, const struct value *values);

/*
 * Takes a write, to be sent later; texts and bytes are copied. A write that the database rejects
 * makes the whole batch fall: its units are then run again, each alone.
 */
enum status lane_write(struct lane *lane, enum query query, const struct value *values,
    struct fault *fault) FENQI_MUST_USE;

#endif
