/*
 * log.h: the process's log: JSON lines on standard error. Exports: log_access(), log_line(), struct
 * log_member.
 *
 * Only main logs. No line holds a secret, a path with parameters or a query.
 */
#ifndef FENQI_MAIN_LOG_H
#define FENQI_MAIN_LOG_H

#include "http/http.h"

struct log_member {
    const char *name;
    const char *value; /* NULL: left out */
};

/* {"at":…,"event":EVENT,…} with text members, ended by a name of NULL. */
void log_line(const char *event, const struct log_member *members);

/* The hook for http_options.access. */
void log_access(const struct http_access *access, void *context);

#endif
