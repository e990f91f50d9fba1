/*
 * server_fixture.h: a server on loopback and raw clients of it, for the tests of src/http. Exports:
 * struct fixture, fixture_start/stop, client_…().
 */
#ifndef FENQI_TESTS_SERVER_FIXTURE_H
#define FENQI_TESTS_SERVER_FIXTURE_H

#include "../cmocka_include.h"

#include "http/http.h"

#include <pthread.h>
#include <stdatomic.h>

struct fixture {
    struct http_server *server;
    struct http_options options;
    atomic_int accesses;
    pthread_mutex_t lock; /* of what the access hook leaves: */
    int last_status;
    char last_route[100];
};

/* Starts a server with these routes on a free port. Fails the test when it cannot. */
void fixture_start(struct fixture *fixture, const struct http_route *routes, size_t count);
void fixture_stop(struct fixture *fixture);

/* A connected socket with a receive timeout of five seconds. */
int client_connect(const struct fixture *fixture);
void client_send(int fd, const char *text);
void client_send_n(int fd, const void *bytes, size_t length);
/* Reads until the peer closes or `room` is full; NUL-terminated. Returns bytes. */
size_t client_read_all(int fd, char *text, size_t room);
/* Reads one answer: head and as much body as Content-Length says. Its status, or 0 at the end. */
int client_read_answer(int fd, char *text, size_t room);
/* Connects, sends, reads one answer, closes. Its status, 0 when the connection was closed. */
int client_ask(const struct fixture *fixture, const char *text, char *answer, size_t room);
/* Waits until `condition` of the counts holds, at most five seconds; whether it did. */
bool wait_for_counts(const struct fixture *fixture, bool (*holds)(struct http_counts counts));

#endif
