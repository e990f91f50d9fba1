/* talk.c: one keep-alive connection of the load generator. See talk.h. */
#include "talk.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

bool talk_open(struct talk *talk, int port) {
    talk->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (talk->fd < 0)
        return false;
    int on = 1;
    setsockopt(talk->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    talk->head_length = 0;
    talk->in_body = talk->waiting = false;
    if (connect(talk->fd, (struct sockaddr *)&address, sizeof address) == 0 || errno == EINPROGRESS)
        return true;
    talk_close(talk);
    return false;
}

void talk_close(struct talk *talk) {
    if (talk->fd >= 0)
        close(talk->fd);
    talk->fd = -1;
}

enum talk_step talk_say(struct talk *talk) {
    while (talk->sent < talk->request_length) {
        ssize_t sent = send(
            talk->fd, talk->request + talk->sent, talk->request_length - talk->sent, MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR ? TALK_MORE : TALK_BROKEN;
        talk->sent += (size_t)sent;
    }
    return TALK_DONE;
}

/* The number at the beginning of `text`; -1 when there is none. */
static int64_t number_at(const char *text) {
    char *end;
    long long value = strtoll(text, &end, 10);
    return end == text || value < 0 ? -1 : value;
}

/* Status, length and end of the connection from a complete head; false when it is no such. */
static bool read_head(struct talk *talk, const char *end) {
    if (strncmp(talk->head, "HTTP/1.1 ", 9) != 0)
        return false;
    talk->status = (int)number_at(talk->head + 9);
    talk->body_left = 0;
    talk->close = false;
    talk->shown_length = 0;
    for (const char *line = strstr(talk->head, "\r\n"); line != NULL && line < end;
         line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "Content-Length:", 15) == 0)
            talk->body_left = number_at(line + 17);
        else if (strncasecmp(line + 2, "Connection: close", 17) == 0)
            talk->close = true;
        else if (strncasecmp(line + 2, "Transfer-Encoding:", 18) == 0)
            return false;
    }
    talk->in_body = true;
    return talk->body_left >= 0;
}

static void take_body(struct talk *talk, const char *from, size_t count) {
    size_t room = SHOWN_MOST - 1 - talk->shown_length;
    size_t shown = count < room ? count : room;
    memcpy(talk->shown + talk->shown_length, from, shown);
    talk->shown_length += shown;
    talk->shown[talk->shown_length] = '\0';
    talk->body_left -= (int64_t)count;
}

/* Takes `count` bytes that have come. */
static enum talk_step take(struct talk *talk, const char *from, size_t count) {
    if (!talk->in_body) {
        if (talk->head_length + count >= HEAD_MOST && talk->head_length >= HEAD_MOST / 2)
            return TALK_BROKEN;
        size_t room = HEAD_MOST - 1 - talk->head_length;
        size_t taken = count < room ? count : room;
        memcpy(talk->head + talk->head_length, from, taken);
        talk->head[talk->head_length + taken] = '\0';
        char *end = strstr(talk->head, "\r\n\r\n");
        if (end == NULL) {
            talk->head_length += taken;
            return taken == count ? TALK_MORE : TALK_BROKEN;
        }
        size_t used = (size_t)(end + 4 - talk->head) - talk->head_length;
        if (!read_head(talk, end))
            return TALK_BROKEN;
        from += used;
        count -= used;
    }
    if ((int64_t)count > talk->body_left)
        return TALK_BROKEN;
    take_body(talk, from, count);
    if (talk->body_left > 0)
        return TALK_MORE;
    talk->in_body = false;
    talk->head_length = 0;
    return TALK_DONE;
}

enum talk_step talk_hear(struct talk *talk) {
    static char buffer[65536];
    ssize_t count = recv(talk->fd, buffer, sizeof buffer, 0);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? TALK_MORE : TALK_BROKEN;
    if (count == 0)
        return TALK_BROKEN;
    return take(talk, buffer, (size_t)count);
}
