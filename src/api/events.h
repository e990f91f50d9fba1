/*
 * events.h: the open event streams of customers and staff. Exports: struct event_hub and its
 * functions, event_routes.
 *
 * A hub knows which streams and long polls are open for which user. After a commit it is told that
 * a user's log grew and lets each of them read on from its own number, so that nothing is lost
 * between a read and a wake-up. What is not worth storing (typing) is whispered to those open just
 * now.
 */
#ifndef FENQI_API_EVENTS_H
#define FENQI_API_EVENTS_H

#include "api/api.h"

struct event_hub;

struct event_hub *event_hub_create(void);

/* Answers every long poll now: before the server stops. */
void event_hub_close(struct event_hub *hub);

/* After the server has stopped. NULL is allowed. */
void event_hub_destroy(struct event_hub *hub);

/* From any thread: the log of `user_id` has grown; its streams will read on. Quick. */
void event_hub_tell(struct event_hub *hub, int64_t user_id);

/*
 * From any thread: sends an event that is stored nowhere to the user's open streams. It carries the
 * number of the last stored event that each stream has sent, so that resuming is not disturbed.
 * `payload` as in store/event_log.h; copied.
 */
void event_hub_whisper(
    struct event_hub *hub, int64_t user_id, const char *kind, const char *payload);

extern const struct api_route event_routes[]; /* GET /events, GET /staff/events */

#endif
