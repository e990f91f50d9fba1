/* bell.c: wakes workers. See bell.h. The only state of this room that outlives a unit. */
#include "service/bell.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t rung = PTHREAD_COND_INITIALIZER;
static uint64_t counts[BELL_COUNT];

void bell_ring(enum bell bell) {
    pthread_mutex_lock(&lock);
    counts[bell]++;
    pthread_cond_broadcast(&rung);
    pthread_mutex_unlock(&lock);
}

static void (*pass_on)(void *context, enum bell bell);
static void *pass_on_context;

void bell_pass_on(void (*told)(void *context, enum bell bell), void *context) {
    pass_on = told;
    pass_on_context = context;
}

static void ring(void *argument) {
    enum bell bell = *(enum bell *)argument;
    bell_ring(bell);
    if (pass_on)
        pass_on(pass_on_context, bell);
}

void bell_on_commit(struct tx *tx, enum bell bell) {
    static enum bell names[BELL_COUNT] = {BELL_CHANNEL, BELL_WEBHOOK, BELL_DAY_END};
    tx_on_commit(tx, ring, &names[bell]);
}

void bell_wait(enum bell bell, uint64_t *seen, int32_t timeout_ms) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until); /* clock: how long to wait, nothing else */
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (timeout_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&lock);
    while (counts[bell] == *seen)
        if (pthread_cond_timedwait(&rung, &lock, &until) == ETIMEDOUT)
            break;
    *seen = counts[bell];
    pthread_mutex_unlock(&lock);
}
