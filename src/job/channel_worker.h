/*
 * channel_worker.h: performs what the outbox holds for payment channels. Exports: struct
 * channel_worker_options, channel_worker_start(), channel_worker_stop().
 *
 * Several threads, each: takes due items under a lease, prepares one in a unit, asks the channel
 * without any transaction, and makes the answer true in another unit. It wakes at once when a
 * commit of this process left an item, and looks by itself every second for those of other
 * processes.
 */
#ifndef FENQI_JOB_CHANNEL_WORKER_H
#define FENQI_JOB_CHANNEL_WORKER_H

#include "channel/channel.h"
#include "codec/vault.h"
#include "job/worker_log.h"
#include "store/store.h"

struct channel_worker_options {
    struct store *store;
    struct channels *channels;
    const struct vault *vault;
    int32_t thread_count; /* 0: 4 */
    int32_t lease_s;      /* how long a worker that died keeps an item; 0: 60 */
    /* Other processes work on the same outbox: what they have leased is left to them. Else what a
     * killed process had in its hands goes on at once. */
    bool shared;
    struct worker_log log;
};

struct channel_worker;

/* `options` is copied; what it points to must outlive the worker. */
struct channel_worker *channel_worker_start(const struct channel_worker_options *options);

/* Lets the exchanges on their way come to their end (bounded by their timeouts). NULL is allowed.
 */
void channel_worker_stop(struct channel_worker *worker);

#endif
