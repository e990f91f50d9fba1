/*
 * fiber.h: functions that can be left in the middle and gone on with, on one thread; internal to
 * src/store. Exports: struct fiber, fiber_create/destroy/start/resume/pause.
 *
 * A fiber has a stack of its own and runs only inside fiber_resume(), on the thread that calls it,
 * until it pauses or its function returns. A fiber whose function has returned may be started
 * again.
 */
#ifndef FENQI_STORE_FIBER_H
#define FENQI_STORE_FIBER_H

#include <stdbool.h>

struct fiber;

/* A fiber that has nothing to do. Never NULL. */
struct fiber *fiber_create(void);

/* Checked: its function has returned, or none was started. NULL is allowed. */
void fiber_destroy(struct fiber *fiber);

/* Gives an idle fiber its function, which the next fiber_resume() calls. */
void fiber_start(struct fiber *fiber, void (*function)(void *argument), void *argument);

/* Runs the fiber until it pauses (true) or its function has returned (false). */
bool fiber_resume(struct fiber *fiber);

/* Called by the running fiber: goes back to who resumed it, and returns at the next resume. */
void fiber_pause(struct fiber *fiber);

#endif
