/*
 * talk.h: one keep-alive connection of the load generator. Exports: struct talk, enum talk_step,
 * talk_open(), talk_say(), talk_hear(), talk_close().
 */
#ifndef FENQI_BENCH_TALK_H
#define FENQI_BENCH_TALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_MOST = 2048, HEAD_MOST = 4096, SHOWN_MOST = 400 };

struct talk {
    int fd; /* -1: closed */
    char request[REQUEST_MOST];
    size_t request_length;
    size_t sent;
    char head[HEAD_MOST];
    size_t head_length;
    bool in_body;
    int64_t body_left;
    int status;             /* of the answer that is being read */
    bool close;             /* the server closes after it */
    char shown[SHOWN_MOST]; /* the beginning of its body */
    size_t shown_length;
    int64_t began_us;
    bool waiting; /* a request is out */
};

/* Connects to 127.0.0.1 without waiting; false when the system refuses. */
bool talk_open(struct talk *talk, int port);
void talk_close(struct talk *talk);

enum talk_step {
    TALK_MORE,   /* nothing more to do now */
    TALK_DONE,   /* the answer is complete */
    TALK_BROKEN, /* the connection is lost, or does not speak HTTP */
};

/* Sends what is left of the request: DONE when all is sent, MORE when the socket is full. */
enum talk_step talk_say(struct talk *talk);

/* Reads what has come. */
enum talk_step talk_hear(struct talk *talk);

#endif
