/* server_fixture.c: see server_fixture.h. */
#include "server_fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static void on_access(const struct http_access *access, void *context) {
    struct fixture *fixture = context;
    pthread_mutex_lock(&fixture->lock);
    fixture->last_status = access->status;
    snprintf(fixture->last_route, sizeof fixture->last_route, "%s", access->route);
    pthread_mutex_unlock(&fixture->lock);
    atomic_fetch_add(&fixture->accesses, 1);
}

void fixture_start(struct fixture *fixture, const struct http_route *routes, size_t count) {
    struct fault fault = {0};
    pthread_mutex_init(&fixture->lock, NULL);
    if (fixture->options.loop_count == 0)
        fixture->options = http_options_default();
    if (fixture->options.access == NULL) {
        fixture->options.access = on_access;
        fixture->options.access_context = fixture;
    }
    if (http_server_create(&fixture->options, &fixture->server, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    http_server_add(fixture->server, routes, count);
    if (http_server_listen(fixture->server, "127.0.0.1:0", &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    if (http_server_start(fixture->server, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
}

void fixture_stop(struct fixture *fixture) {
    http_server_stop(fixture->server);
    http_server_destroy(fixture->server);
    fixture->server = NULL;
}

int client_connect(const struct fixture *fixture) {
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)http_server_port(fixture->server)),
        .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval limit = {5, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

void client_send_n(int fd, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = send(fd, at, length, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* refused early: the answer tells */
        at += n;
        length -= (size_t)n;
    }
}

void client_send(int fd, const char *text) {
    client_send_n(fd, text, strlen(text));
}

size_t client_read_all(int fd, char *text, size_t room) {
    size_t length = 0;
    while (length + 1 < room) {
        ssize_t n = recv(fd, text + length, room - 1 - length, 0);
        if (n <= 0)
            break;
        length += (size_t)n;
    }
    text[length] = '\0';
    return length;
}

int client_read_answer(int fd, char *text, size_t room) {
    size_t length = 0;
    size_t need = room - 1;
    text[0] = '\0';
    while (length < need) {
        /* the head byte by byte, so that the next answer stays in the socket */
        bool in_head = need == room - 1;
        ssize_t n = recv(fd, text + length, in_head ? 1 : need - length, 0);
        if (n <= 0)
            break;
        length += (size_t)n;
        text[length] = '\0';
        if (in_head && length >= 4 && strcmp(text + length - 4, "\r\n\r\n") == 0) {
            const char *field = strcasestr(text, "\r\nContent-Length: ");
            size_t body = field == NULL ? 0 : (size_t)strtoul(field + 18, NULL, 10);
            need = length + body < room - 1 ? length + body : room - 1;
        }
    }
    return strncmp(text, "HTTP/1.1 ", 9) == 0 ? (int)strtol(text + 9, NULL, 10) : 0;
}

int client_ask(const struct fixture *fixture, const char *text, char *answer, size_t room) {
    int fd = client_connect(fixture);
    client_send(fd, text);
    int status = client_read_answer(fd, answer, room);
    close(fd);
    return status;
}

bool wait_for_counts(const struct fixture *fixture, bool (*holds)(struct http_counts counts)) {
    for (int i = 0; i < 500; i++) {
        if (holds(http_server_counts(fixture->server)))
            return true;
        usleep(10000);
    }
    return false;
}
