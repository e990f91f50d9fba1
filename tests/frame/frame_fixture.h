/*
 * frame_fixture.h: the API's frame on a real store and real sockets, with routes of a test's own.
 * Exports: struct frame, frame_start/stop(), frame_log_in(), frame_ask(), frame_field().
 */
#ifndef FENQI_TESTS_FRAME_FIXTURE_H
#define FENQI_TESTS_FRAME_FIXTURE_H

#include "../conformance/database.h"
#include "../unit/http/server_fixture.h"

#include "api/api.h"

enum { FRAME_ROUTES_MAX = 32 };

struct frame {
    struct fixture http; /* first: clients of server_fixture.h connect by it */
    struct database *database;
    struct api api;
    char cookie[200]; /* "Cookie: fenqi_session=…\r\n" of the customer who was logged in */
    char csrf[100];   /* "X-CSRF-Token: …\r\n" */
    int64_t customer_id;
    char answer[60000];
};

/* Starts everything with these routes below /api/v1; rate_scale as in api_config. */
void frame_start(struct frame *frame, const struct api_route *routes, int rate_scale);
void frame_stop(struct frame *frame);

/* Gives the customer a live session and fills cookie and csrf. */
void frame_log_in(struct frame *frame, int64_t customer_id);

/*
 * Sends a request with a JSON body (NULL: none) and more header lines; its status. The answer is in
 * frame->answer.
 */
int frame_ask(struct frame *frame, const char *method, const char *path, const char *headers,
    const char *body);

/* Whether the last answer holds the text. */
bool frame_has(const struct frame *frame, const char *text);

#endif
