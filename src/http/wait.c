/*
 * wait.c: requests that wait: parked, or at work on another thread. Exports: http_park(),
 * http_resume(), http_work() of http.h, request_expire(), request_departed(), workers_…() of
 * internal.h.
 *
 * From http_park() to the run of `after` the request's arena is the parker's. When the time is over
 * in between, the loop answers from a scratch arena of its own and marks the request overtaken, so
 * that the late answer is thrown away; the request stays until http_resume() has brought it home.
 */
#include "http/internal.h"

#include "base/check.h"

#include <signal.h>
#include <stdlib.h>

static void set_waiting(struct http_request *request, bool waiting) {
    request->waiting = waiting;
    request->loop->waiting += waiting ? 1 : -1;
    atomic_fetch_add(&request->loop->parked_total, waiting ? 1 : -1);
}

void http_park(
    struct http_request *request, int64_t timeout_ms, http_after expired, void *expired_context) {
    check(!request->waiting);
    check(!request->answered || request->overtaken || request->connection == NULL);
    set_waiting(request, true);
    request->expired = expired;
    request->expired_context = expired_context;
    if (request->connection == NULL)
        return;
    if (timeout_ms == 0)
        timeout_ms = request->loop->server->options.park_timeout_ms;
    request->connection->deadline_us = monotonic_us() + timeout_ms * 1000;
}

void request_expire(struct http_request *request) {
    check(request->waiting && !request->answered);
    if (request->expired != NULL)
        request->expired(request, request->expired_context);
    else
        http_reply_error(request, HTTP_ERROR_BUSY);
    check(request->answered);
    request->overtaken = true;
}

void request_departed(struct http_request *request) {
    request->connection = NULL;
    if (!request->waiting)
        request_destroy(request);
    else if (request->expired != NULL && !request->answered)
        request_expire(request); /* nobody waits any more: the parker may stop early */
}

/* On the loop: the request is ours again. */
static void come_home(struct inbox_item *item) {
    struct http_request *request = (struct http_request *)item;
    set_waiting(request, false);
    if (request->loop->over) { /* the server is being destroyed and what `after` needs is gone */
        request_destroy(request);
        return;
    }
    if (request->connection != NULL)
        request->connection->deadline_us = INT64_MAX;
    request_run(request, request->after, request->after_context);
}

void http_resume(struct http_request *request, http_after after, void *context) {
    request->after = after;
    request->after_context = context;
    request->inbox.run = come_home;
    loop_post(request->loop, &request->inbox);
}

bool http_work(struct http_request *request, http_after work, http_after after, void *context) {
    struct http_server *server = request->loop->server;
    pthread_mutex_lock(&server->work_lock);
    bool full = server->work_waiting >= server->options.work_queue_max || server->work_stopping;
    if (!full) {
        request->work = work;
        request->after = after;
        request->after_context = context;
        request->next_work = NULL;
        http_park(request, 0, NULL, NULL);
        if (server->work_first == NULL)
            server->work_first = request;
        else
            server->work_last->next_work = request;
        server->work_last = request;
        server->work_waiting++;
        pthread_cond_signal(&server->work_ready);
    }
    pthread_mutex_unlock(&server->work_lock);
    if (full)
        http_reply_error(request, HTTP_ERROR_BUSY);
    return !full;
}

/* The next job, or NULL when the pool stops and nothing is left. */
static struct http_request *take_job(struct http_server *server) {
    pthread_mutex_lock(&server->work_lock);
    while (server->work_first == NULL && !server->work_stopping)
        pthread_cond_wait(&server->work_ready, &server->work_lock);
    struct http_request *request = server->work_first;
    if (request != NULL) {
        server->work_first = request->next_work;
        server->work_waiting--;
    }
    pthread_mutex_unlock(&server->work_lock);
    return request;
}

static void *worker_run(void *argument) {
    struct http_server *server = argument;
    struct http_request *request;
    while ((request = take_job(server)) != NULL) {
        request->work(request, request->after_context);
        http_resume(request, request->after, request->after_context);
    }
    return NULL;
}

enum status workers_start(struct http_server *server, struct fault *fault) {
    server->workers = calloc((size_t)server->options.worker_count, sizeof *server->workers);
    check(server->workers != NULL);
    for (int i = 0; i < server->options.worker_count; i++) {
        if (pthread_create(&server->workers[i], NULL, worker_run, server) != 0)
            return fault_set(fault, STATUS_FULL, "cannot start worker thread %d", i);
        server->worker_count++;
    }
    return STATUS_OK;
}

void workers_stop(struct http_server *server) {
    pthread_mutex_lock(&server->work_lock);
    server->work_stopping = true;
    pthread_cond_broadcast(&server->work_ready);
    pthread_mutex_unlock(&server->work_lock);
    for (int i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i], NULL);
    server->worker_count = 0;
    free(server->workers);
    server->workers = NULL;
}
