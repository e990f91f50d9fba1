/*
 * bare_http.c: the program `bare_http LOOPS BYTES`: libevent's evhttp and nothing else.
 *
 * Answers every request with BYTES bytes of JSON, on LOOPS event loops of one port (SO_REUSEPORT),
 * epoll with change list. Prints "listening PORT" and ends with SIGTERM.
 */
#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { LOOPS_MOST = 16, BYTES_MOST = 1 << 20, BACKLOG = 4096 };

static char *body;
static size_t body_length;

static void answer(struct evhttp_request *request, void *context) {
    (void)context;
    struct evkeyvalq *headers = evhttp_request_get_output_headers(request);
    evhttp_add_header(headers, "Content-Type", "application/json");
    evbuffer_add(evhttp_request_get_output_buffer(request), body, body_length);
    evhttp_send_reply(request, 200, "OK", NULL);
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, BACKLOG) != 0)
        return -1;
    return fd;
}

static void *run(void *argument) {
    struct event_config *config = event_config_new();
    event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    struct evhttp *http = evhttp_new(base);
    evhttp_set_allowed_methods(http, EVHTTP_REQ_GET | EVHTTP_REQ_POST);
    evhttp_set_gencb(http, answer, NULL);
    if (evhttp_accept_socket(http, *(int *)argument) != 0)
        exit(1);
    event_base_dispatch(base);
    return NULL;
}

int main(int argc, char **argv) {
    if (argc != 3)
        return 2;
    long loops = strtol(argv[1], NULL, 10), bytes = strtol(argv[2], NULL, 10);
    if (loops < 1 || loops > LOOPS_MOST || bytes < 2 || bytes > BYTES_MOST)
        return 2;
    body_length = (size_t)bytes;
    body = malloc(body_length);
    if (body == NULL)
        return 1;
    memset(body, ' ', body_length);
    body[0] = '{';
    body[body_length - 1] = '}';
    static int listeners[LOOPS_MOST];
    static pthread_t threads[LOOPS_MOST];
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    listeners[0] = listen_on(0);
    if (listeners[0] < 0 || getsockname(listeners[0], (struct sockaddr *)&address, &length) != 0)
        return 1;
    for (long i = 0; i < loops; i++) {
        if (i > 0 && (listeners[i] = listen_on(ntohs(address.sin_port))) < 0)
            return 1;
        pthread_create(&threads[i], NULL, run, &listeners[i]);
    }
    printf("listening %d\n", ntohs(address.sin_port));
    fflush(stdout);
    pthread_join(threads[0], NULL);
    return 0;
}
