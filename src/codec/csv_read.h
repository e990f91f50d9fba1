/*
 * csv_read.h: reading CSV by RFC 4180, strictly. Exports: struct csv_reader, struct csv_field,
 * enum csv_verdict, csv_start(), csv_next(), csv_verdict_zh(), csv_verdict_en().
 *
 * The whole file is in memory. UTF-8 only, with or without a byte-order mark; lines end in LF or
 * CRLF; a field may be quoted, then "" stands for a quote and line breaks belong to the field.
 * Lines and columns are counted from 1 as a text editor and a spreadsheet show them.
 */
#ifndef FENQI_CODEC_CSV_READ_H
#define FENQI_CODEC_CSV_READ_H

#include "base/arena.h"

enum { CSV_FIELDS_MAX = 64, CSV_FIELD_LENGTH_MAX = 65536 };

enum csv_verdict {
    CSV_RECORD,           /* a record was read */
    CSV_END,              /* nothing is left */
    CSV_NOT_UTF8,         /* bytes that are not UTF-8: most likely a GBK file */
    CSV_NUL,              /* a zero byte: not a text file (UTF-16?) */
    CSV_STRAY_QUOTE,      /* a quote inside an unquoted field, or text after a closing quote */
    CSV_UNFINISHED_QUOTE, /* the file ends inside a quoted field */
    CSV_TOO_MANY_FIELDS,
    CSV_FIELD_TOO_LONG,
};

struct csv_field {
    const char *text; /* NUL-terminated, in the arena */
    size_t length;
    bool quoted;
};

struct csv_reader {
    struct arena *arena;
    const uint8_t *at, *end;
    int64_t line; /* of the next byte */
    /* The record last read; on a bad verdict the place of the trouble. */
    int64_t record_line;
    int32_t column;
    int32_t count;
    struct csv_field fields[CSV_FIELDS_MAX];
};

/* A reader over `file`, which must outlive it; fields are put into `arena`. Skips a mark. */
struct csv_reader csv_start(struct arena *arena, struct bytes file);

/* Reads the next record, skipping empty lines. After a verdict other than CSV_RECORD: stop. */
enum csv_verdict csv_next(struct csv_reader *reader);

/* The verdict in words for the person who made the file. */
const char *csv_verdict_zh(enum csv_verdict verdict);
const char *csv_verdict_en(enum csv_verdict verdict);

#endif
