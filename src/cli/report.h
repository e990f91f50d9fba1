/*
 * report.h: where a command that only reads may read: the installation's own database, or a replica
 * of it. Exports: struct report, report_open(), REPORT_OPTIONS.
 */
#ifndef FENQI_CLI_REPORT_H
#define FENQI_CLI_REPORT_H

#include "cli/installation.h"

struct report {
    const char *database; /* NULL: the installation's own */
    int64_t max_age_s;    /* a replica whose data are older is refused; -1: any age */
};

/* Rows of a command's option table, after INSTALLATION_OPTIONS. */
#define REPORT_OPTIONS(report)                                                                     \
    {"--report-database", "FENQI_REPORT_DATABASE", CLI_TEXT, &(report).database, 0, 0}, {          \
        "--max-age", NULL, CLI_INTEGER, &(report).max_age_s, 0, INT32_MAX                          \
    }

/*
 * installation_open(); with a report database instead of the own one it is opened to be read only
 * and not migrated, and standard output is told how old its data are. Errors besides: CONFLICT
 * when its schema is not this program's, TIMEOUT when it is behind by more than max_age_s.
 */
enum status report_open(const struct report *report, struct installation *installation,
    struct cli *cli, struct fault *fault) FENQI_MUST_USE;

#endif
