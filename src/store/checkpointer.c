/*
 * checkpointer.c: copies the write-ahead log beside the writer. Exports checkpointer.h.
 *
 * A failure (disk full, an I/O error) is not told: nothing is lost by not copying, the log only
 * grows, and the writer meets the same trouble in its own commit, where somebody waits for an
 * answer.
 */
#include "store/checkpointer.h"

#include "base/check.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { FINISH_SHARE = 8, LONGEST_TIMES = 8 };

struct checkpointer {
    char *path;
    int32_t copy_from; /* frames */
    pthread_mutex_t lock;
    pthread_cond_t work;
    pthread_t thread;
    bool started, closing, copying;
    bool fresh;     /* the thread has copied since the writer was last asked to finish */
    int32_t frames; /* in the log, as the writer said last */
    int32_t copied; /* of these, after the latest checkpoint */
    int32_t begun; /* frames when it began; a failed one is not tried again before there are more */
};

/* Copies what there is; how many frames of the log are copied now, 0 when that failed. */
static int32_t copy(sqlite3 *database) {
    int in_log = 0, copied = 0;
    int code =
        sqlite3_wal_checkpoint_v2(database, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log, &copied);
    return code == SQLITE_OK && copied > 0 ? copied : 0;
}

static sqlite3 *open_file(const char *path) {
    sqlite3 *database = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI;
    if (sqlite3_open_v2(path, &database, flags, NULL) != SQLITE_OK ||
        sqlite3_exec(database, "PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(database);
        return NULL;
    }
    return database;
}

/* So few frames that the writer may copy them between two commits: some milliseconds. */
static int32_t finish_below(const struct checkpointer *checkpointer) {
    return checkpointer->copy_from / FINISH_SHARE;
}

/* Whether a checkpoint is worth its two syncs of the disk. The lock is held. */
static bool has_work(const struct checkpointer *checkpointer) {
    return !checkpointer->copying &&
           checkpointer->frames - checkpointer->begun >=
               (checkpointer->begun == 0 ? checkpointer->copy_from : finish_below(checkpointer));
}

static void *checkpointer_main(void *argument) {
    struct checkpointer *checkpointer = argument;
    pthread_setname_np(pthread_self(), "checkpointer");
    sqlite3 *database = NULL;
    check(pthread_mutex_lock(&checkpointer->lock) == 0);
    while (!checkpointer->closing) {
        if (!has_work(checkpointer)) {
            check(pthread_cond_wait(&checkpointer->work, &checkpointer->lock) == 0);
            continue;
        }
        checkpointer->copying = true;
        checkpointer->begun = checkpointer->frames;
        check(pthread_mutex_unlock(&checkpointer->lock) == 0);
        if (database == NULL)
            database = open_file(checkpointer->path);
        int32_t copied = database == NULL ? 0 : copy(database);
        check(pthread_mutex_lock(&checkpointer->lock) == 0);
        checkpointer->copying = false;
        checkpointer->copied = copied;
        checkpointer->fresh = copied > 0;
    }
    check(pthread_mutex_unlock(&checkpointer->lock) == 0);
    sqlite3_close(database);
    return NULL;
}

struct checkpointer *checkpointer_create(const char *path, int32_t frames) {
    struct checkpointer *checkpointer = calloc(1, sizeof *checkpointer);
    check(checkpointer != NULL);
    checkpointer->copy_from = frames;
    checkpointer->path = strdup(path);
    check(checkpointer->path != NULL);
    check(pthread_mutex_init(&checkpointer->lock, NULL) == 0);
    check(pthread_cond_init(&checkpointer->work, NULL) == 0);
    return checkpointer;
}

bool checkpointer_tell(struct checkpointer *checkpointer, int32_t frames) {
    check(pthread_mutex_lock(&checkpointer->lock) == 0);
    if (frames < checkpointer->frames) { /* the log began anew */
        checkpointer->begun = checkpointer->copied = 0;
        checkpointer->fresh = false;
    }
    checkpointer->frames = frames;
    bool few = frames - checkpointer->copied < finish_below(checkpointer);
    bool too_long = frames / LONGEST_TIMES > checkpointer->copy_from;
    bool finish = checkpointer->fresh && !checkpointer->copying && (few || too_long);
    if (finish) {
        checkpointer->fresh = false; /* where a reader keeps the log from beginning anew: not again
                                        at every commit */
        checkpointer->begun = frames;
    } else if (has_work(checkpointer)) {
        if (!checkpointer->started)
            checkpointer->started =
                pthread_create(&checkpointer->thread, NULL, checkpointer_main, checkpointer) == 0;
        check(pthread_cond_signal(&checkpointer->work) == 0);
    }
    check(pthread_mutex_unlock(&checkpointer->lock) == 0);
    return finish;
}

void checkpointer_destroy(struct checkpointer *checkpointer) {
    if (checkpointer == NULL)
        return;
    check(pthread_mutex_lock(&checkpointer->lock) == 0);
    checkpointer->closing = true;
    check(pthread_cond_signal(&checkpointer->work) == 0);
    check(pthread_mutex_unlock(&checkpointer->lock) == 0);
    if (checkpointer->started)
        check(pthread_join(checkpointer->thread, NULL) == 0);
    pthread_cond_destroy(&checkpointer->work);
    pthread_mutex_destroy(&checkpointer->lock);
    free(checkpointer->path);
    free(checkpointer);
}
