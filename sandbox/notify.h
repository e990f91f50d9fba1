/*
 * notify.h: the queue of notifications. Exports notification_add(); sending is in sandbox.h.
 *
 * WeChat Pay repeats after 15 s, 15 s, 30 s, 3 min, 10 min, 20 min, 30 min × 3, 60 min, 3 h × 3,
 * 6 h × 2 until it is answered 200 or 204. The acquirer repeats a payment up to ten times and a
 * refund five times every 20 minutes until the body is exactly OK.
 */
#ifndef FENQI_SANDBOX_NOTIFY_H
#define FENQI_SANDBOX_NOTIFY_H

#include "sandbox/sandbox.h"

/*
 * Queues one; nothing when `url` is empty. `payload` is what the provider says (WeChat Pay: the
 * resource's plain JSON; acquirer: the form or JSON without signature). Troubles of the
 * notification phase apply.
 */
void notification_add(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *channel, const char *event, const char *out_no, const char *refund_no,
    const char *url, const char *payload);

#endif
