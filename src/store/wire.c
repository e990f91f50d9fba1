/* wire.c: a word to the other processes. Exports what wire.h declares. */
#include "store/wire.h"

#include "base/check.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    WORD_MOST = 40,
    OUT_MOST = 7900, /* a notification carries less than 8000 bytes */
    PAUSE_MS = 10,   /* between two notifications: what comes meanwhile goes together */
    AGAIN_MS = 1000,
};

struct wire {
    char *database;
    wire_heard heard;
    void *context;
    PGconn *connection; /* the thread's own; NULL: not connected */
    int wakened;        /* eventfd */
    atomic_bool closing;
    pthread_t thread;
    pthread_mutex_t lock;
    char out[OUT_MOST + 1]; /* words, each with '\n' after it; under the lock */
    size_t length;
};

static void wake(const struct wire *wire) {
    uint64_t one = 1;
    ssize_t written = write(wire->wakened, &one, sizeof one);
    (void)written; /* full: it is awake already */
}

void wire_tell(struct wire *wire, const char *word) {
    if (!wire)
        return;
    size_t length = strlen(word);
    check(length > 0 && length <= WORD_MOST && !strchr(word, '\n'));
    char line[WORD_MOST + 2];
    memcpy(line, word, length);
    memcpy(line + length, "\n", 2);
    pthread_mutex_lock(&wire->lock);
    bool fresh = wire->length + length + 1 <= OUT_MOST && !strstr(wire->out, line);
    if (fresh) { /* when there is no room it is lost, as hints may be */
        memcpy(wire->out + wire->length, line, length + 2);
        wire->length += length + 1;
    }
    pthread_mutex_unlock(&wire->lock);
    if (fresh)
        wake(wire);
}

/* Runs one statement; drops the connection when it fails. */
static bool run(struct wire *wire, const char *sql, const char *parameter) {
    PGresult *result =
        PQexecParams(wire->connection, sql, parameter ? 1 : 0, NULL, &parameter, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return true;
    PQfinish(wire->connection);
    wire->connection = NULL;
    return false;
}

static void connect_again(struct wire *wire) {
    wire->connection = PQconnectdb(wire->database);
    if (PQstatus(wire->connection) != CONNECTION_OK) {
        PQfinish(wire->connection);
        wire->connection = NULL;
        return;
    }
    /* Nothing of it has to be durable: no notification waits for the disk. */
    if (run(wire, "SET synchronous_commit = off", NULL))
        (void)run(wire, "LISTEN fenqi", NULL);
}

static void hear(struct wire *wire) {
    if (!PQconsumeInput(wire->connection)) {
        PQfinish(wire->connection);
        wire->connection = NULL;
        return;
    }
    PGnotify *notice;
    while ((notice = PQnotifies(wire->connection)) != NULL) {
        bool own = notice->be_pid == PQbackendPID(wire->connection);
        char *rest = notice->extra;
        for (char *end; !own && (end = strchr(rest, '\n')) != NULL; rest = end + 1) {
            *end = '\0';
            wire->heard(wire->context, rest);
        }
        PQfreemem(notice);
    }
}

static void say(struct wire *wire) {
    char words[OUT_MOST + 1];
    pthread_mutex_lock(&wire->lock);
    size_t length = wire->length;
    memcpy(words, wire->out, length + 1);
    wire->length = 0;
    wire->out[0] = '\0';
    pthread_mutex_unlock(&wire->lock);
    if (length == 0 || !run(wire, "SELECT pg_notify('fenqi', $1)", words))
        return;
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

static void *work(void *context) {
    struct wire *wire = context;
    while (!atomic_load(&wire->closing)) {
        if (!wire->connection)
            connect_again(wire);
        struct pollfd fds[2] = {{.fd = wire->wakened, .events = POLLIN},
            {.fd = wire->connection ? PQsocket(wire->connection) : -1, .events = POLLIN}};
        poll(fds, 2, AGAIN_MS);
        uint64_t count;
        if (fds[0].revents && wire->connection) {
            ssize_t got = read(wire->wakened, &count, sizeof count);
            (void)got; /* only empties it */
            say(wire);
        } else if (fds[0].revents && !wire->connection) {
            nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
        }
        /* An answer of our own statement may have brought notifications with it. */
        if (wire->connection)
            hear(wire);
    }
    return NULL;
}

struct wire *wire_open(const char *database, wire_heard heard, void *context) {
    struct wire *wire = calloc(1, sizeof *wire);
    check(wire);
    wire->database = strdup(database);
    check(wire->database);
    wire->heard = heard;
    wire->context = context;
    wire->wakened = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    check(wire->wakened >= 0);
    pthread_mutex_init(&wire->lock, NULL);
    check(pthread_create(&wire->thread, NULL, work, wire) == 0);
    return wire;
}

void wire_close(struct wire *wire) {
    if (!wire)
        return;
    atomic_store(&wire->closing, true);
    wake(wire);
    pthread_join(wire->thread, NULL);
    PQfinish(wire->connection);
    close(wire->wakened);
    pthread_mutex_destroy(&wire->lock);
    free(wire->database);
    free(wire);
}
