/*
 * channel_task.h: what the channel worker does with one outbox item, before and after the channel.
 * Exports: struct channel_task, prepare_channel_task(), finish_channel_task().
 *
 * The worker knows no use case: it runs the first function in a unit, performs `request` over the
 * network (closing first, when it says so) and runs the second function in another unit, which also
 * finishes or postpones the item. Whatever happens between the two, the next try begins by asking
 * the channel about the same number, because "sent" was stored before anything was sent.
 */
#ifndef FENQI_SERVICE_CHANNEL_TASK_H
#define FENQI_SERVICE_CHANNEL_TASK_H

#include "channel/channel.h"
#include "codec/vault.h"
#include "store/outbox.h"

struct channel_task {
    bool needed;      /* false: the item is done, no channel is to be asked */
    bool close_first; /* close the order, then ask what became of it */
    struct channel_request request;
};

/* Fills `task`; texts live in the unit's arena (they hold secrets: never log them). */
enum status prepare_channel_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct channel_task *task) FENQI_MUST_USE;

/* Makes the answer true and finishes or postpones the item. */
enum status finish_channel_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, const struct channel_task *task,
    const struct channel_answer *answer) FENQI_MUST_USE;

/* Seconds until try number `attempts` + 1: 1, 2, 4, 8, 16, 32, then minutes, at most ten. */
int32_t channel_retry_delay_s(int32_t attempts);

#endif
