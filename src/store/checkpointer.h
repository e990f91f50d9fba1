/*
 * checkpointer.h: a thread that copies SQLite's write-ahead log into the file while the writer goes
 * on; internal to src/store. Exports struct checkpointer (opaque),
 * checkpointer_create/tell/destroy.
 *
 * SQLite's own way is to copy inside the commit that made the log long enough: that commit, and all
 * that wait behind it, then take some tenths of a second. A passive checkpoint of another
 * connection copies beside the writer and blocks nobody; it cannot catch up with a writer that
 * never rests, so the last few frames are copied by the writer itself between two commits. Only
 * then can the log begin anew instead of growing. Facts: https://www.sqlite.org/wal.html,
 * "Checkpointing".
 */
#ifndef FENQI_STORE_CHECKPOINTER_H
#define FENQI_STORE_CHECKPOINTER_H

#include <stdbool.h>
#include <stdint.h>

struct checkpointer;

/*
 * One for each writer of the file at `path`, of which it keeps a copy; the thread starts with the
 * first work. From `frames` (pages) in the log on it is copied: the more, the more often a page
 * that changes again and again is copied once. The writer copies the last eighth of that, and all
 * of it when the log has become eight times as long because the disk is slower than the writer.
 */
struct checkpointer *checkpointer_create(const char *path, int32_t frames);

/*
 * The writer says after each commit how many frames its log has. True: so few of them are not
 * copied yet that the writer should now copy them itself, so that the log can begin anew. Does not
 * wait.
 */
bool checkpointer_tell(struct checkpointer *checkpointer, int32_t frames);

/* Ends the thread after the copying under way. NULL is allowed. */
void checkpointer_destroy(struct checkpointer *checkpointer);

#endif
