/*
 * worker_log.h: how workers say what happened. Exports: struct worker_log, worker_say().
 *
 * One line each, never a secret: main turns them into JSON lines.
 */
#ifndef FENQI_JOB_WORKER_LOG_H
#define FENQI_JOB_WORKER_LOG_H

struct worker_log {
    void (*say)(void *context, const char *event, const char *text);
    void *context;
};

static inline void worker_say(const struct worker_log *log, const char *event, const char *text) {
    if (log->say)
        log->say(log->context, event, text);
}

#endif
