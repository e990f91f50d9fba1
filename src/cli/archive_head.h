/*
 * archive_head.h: the head of a backup as JSON. Exports: archive_head_write(), archive_head_read().
 */
#ifndef FENQI_CLI_ARCHIVE_HEAD_H
#define FENQI_CLI_ARCHIVE_HEAD_H

#include "cli/archive.h"

/* The document, in `arena`. */
char *archive_head_write(const struct archive_head *head, struct arena *arena);

/* CORRUPT when it is not such a document; names with a folder in them are refused. */
enum status archive_head_read(struct bytes text, struct archive_head *head, struct arena *arena,
    struct fault *fault) FENQI_MUST_USE;

#endif
