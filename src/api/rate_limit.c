/* rate_limit.c: see rate_limit.h. */
#include "api/rate_limit.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { ROWS = 8192, WAYS = 4, LOCKS = 64 };

struct bucket {
    uint64_t key;       /* 0: free */
    int64_t full_at_us; /* when the bucket will be full again: one number is the whole state */
    int64_t touched_us;
};

struct rate_limiter {
    uint64_t seed;
    pthread_mutex_t locks[LOCKS];
    struct bucket rows[ROWS][WAYS];
};

struct rate_limiter *rate_limiter_create(uint64_t seed) {
    struct rate_limiter *limiter = calloc(1, sizeof *limiter);
    check(limiter != NULL);
    limiter->seed = seed;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_init(&limiter->locks[i], NULL);
    return limiter;
}

void rate_limiter_destroy(struct rate_limiter *limiter) {
    if (limiter == NULL)
        return;
    for (int i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&limiter->locks[i]);
    free(limiter);
}

int64_t rate_clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* clock: limits are about real time, not the books' */
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A keyed mix (xorshift-multiply per 8 bytes): enough where a collision only shares a bucket. */
static uint64_t mix(uint64_t hash, struct bytes bytes) {
    for (size_t i = 0; i < bytes.length; i++) {
        hash ^= bytes.at[i];
        hash *= UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 29;
    }
    hash ^= bytes.length;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 32;
}

/* The bucket of a key in its row: its own, a free one, or the one longest untouched. */
static struct bucket *find(struct bucket *row, uint64_t key) {
    struct bucket *oldest = &row[0];
    for (int i = 0; i < WAYS; i++) {
        if (row[i].key == key)
            return &row[i];
        if (row[i].touched_us < oldest->touched_us)
            oldest = &row[i];
    }
    *oldest = (struct bucket){.key = key};
    return oldest;
}

struct rate_state rate_limiter_take(struct rate_limiter *limiter, const struct rate_limit *limit,
    struct bytes key, int64_t now_us) {
    check(limit->burst > 0 && limit->period_us > 0);
    uint64_t hash = mix(mix(limiter->seed, bytes_of_text(limit->name)), key);
    hash = hash == 0 ? 1 : hash;
    size_t row = hash % ROWS;
    pthread_mutex_t *lock = &limiter->locks[row % LOCKS];
    pthread_mutex_lock(lock);
    struct bucket *bucket = find(limiter->rows[row], hash);
    int64_t full_at_us = bucket->full_at_us < now_us ? now_us : bucket->full_at_us;
    int64_t capacity_us = limit->burst * limit->period_us;
    int64_t after_us = full_at_us + limit->period_us;
    struct rate_state state = {.allowed = after_us - now_us <= capacity_us};
    if (state.allowed)
        full_at_us = after_us;
    bucket->full_at_us = full_at_us;
    bucket->touched_us = now_us;
    pthread_mutex_unlock(lock);
    int64_t room_us = capacity_us - (full_at_us - now_us);
    state.remaining = (int)(room_us / limit->period_us);
    state.wait_us = state.remaining > 0 ? 0 : limit->period_us - room_us % limit->period_us;
    return state;
}
