/*
 * sandbox.h: the whole simulated provider side as functions of request and time. Exports struct
 * sandbox, its options, sandbox_open(), sandbox_handle(), sandbox_tick() and the notification
 * queue.
 *
 * No function here opens a socket or reads a clock. One thread.
 */
#ifndef FENQI_SANDBOX_SANDBOX_H
#define FENQI_SANDBOX_SANDBOX_H

#include "sandbox/book.h"
#include "sandbox/keys.h"
#include "sandbox/message.h"

struct sandbox_options {
    const char *data_folder;
    const char *base_url;     /* "http://127.0.0.1:8090", without a slash at the end */
    int64_t notify_scale_ppm; /* gaps of the retry plans in millionths: 1000000 is real time */
    bool
        notify_by_public_key; /* sign notifications with the public-key pair, not the certificate */
    uint64_t seed;            /* of the faults' dice */
};

struct sandbox {
    struct book *book;
    struct keys keys;
    struct sandbox_options options;
    uint64_t dice;
};

/* Opens the data folder, making keys and book at the first start, and writes
 * merchant/channels.json.
 */
enum status sandbox_open(struct sandbox *out, const struct sandbox_options *options,
    struct instant now, struct fault *fault);
void sandbox_close(struct sandbox *sandbox);

/* Answers one request; everything that it did is durable when it returns. */
void sandbox_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* Lets scheduled things happen: processing debits and refunds that come to their end. */
void sandbox_tick(struct sandbox *sandbox, struct instant now);

/* One notification to send now. */
struct outgoing {
    int64_t id;
    const char *url;
    const char *content_type;
    size_t header_count;
    struct field headers[8];
    struct bytes body;
};

/*
 * Takes the next notification that is due. It is due again a little later unless sandbox_notified()
 * is told what became of it, so that one that was being sent when the process died is sent again.
 */
bool sandbox_next_notification(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct outgoing *out);

/* What came of sending one. `status` 0 means that there was no answer. */
void sandbox_notified(
    struct sandbox *sandbox, struct instant now, int64_t id, int status, struct bytes body);

/* When the next tick or notification is due; INT64_MAX when nothing is. */
struct instant sandbox_next_wake(struct sandbox *sandbox);

#endif
