/*
 * wire.h: a word to the other processes on the same PostgreSQL. Exports: struct wire, wire_open(),
 * wire_tell(), wire_close().
 *
 * Only hints ("a payment waits", "this user's log grew"): they go out after the commit, on a
 * connection of their own, so that no commit waits for them, and one that is lost costs a moment
 * and nothing else: who listens also looks by himself. It needs a session of its own, so it
 * is not for a database behind a pooler.
 */
#ifndef FENQI_STORE_WIRE_H
#define FENQI_STORE_WIRE_H

struct wire;

/* Told of each word of another process, on the wire's own thread; quick. */
typedef void (*wire_heard)(void *context, const char *word);

/* Starts a thread that listens and tells; it connects by itself, again and again. Never NULL. */
struct wire *wire_open(const char *database, wire_heard heard, void *context);

/* Queues a word without a line break, at most 40 bytes; from any thread. NULL: does nothing. */
void wire_tell(struct wire *wire, const char *word);

/* NULL is allowed. */
void wire_close(struct wire *wire);

#endif
