/*
 * csv_read.c: reading CSV by RFC 4180. See csv_read.h.
 */
#include "codec/csv_read.h"

#include "base/builder.h"
#include "base/check.h"

struct csv_reader csv_start(struct arena *arena, struct bytes file) {
    struct csv_reader reader = {.arena = arena,
        .at = file.at,
        .end = file.at + file.length,
        .line = 1,
        .record_line = 1,
        .column = 1};
    if (file.length >= 3 && file.at[0] == 0xEF && file.at[1] == 0xBB && file.at[2] == 0xBF) {
        reader.at += 3;
    }
    return reader;
}

/* The length of the UTF-8 character at `at` (shortest form, no surrogates), 0 when it is none. */
static size_t utf8_length(const uint8_t *at, const uint8_t *end) {
    uint8_t first = at[0];
    size_t room = (size_t)(end - at);
    if (first < 0x80) {
        return 1;
    }
    size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || room < length) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (first == 0xE0 && at[1] < 0xA0) || (first == 0xF0 && at[1] < 0x90);
    bool surrogate = first == 0xED && at[1] >= 0xA0;
    bool beyond = first == 0xF4 && at[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : length;
}

/* Moves one character (of a checked file) into `text`; counts lines. */
static enum csv_verdict take_character(struct csv_reader *reader, struct builder *text) {
    if (*reader->at == 0) {
        return CSV_NUL;
    }
    size_t length = utf8_length(reader->at, reader->end);
    if (length == 0) {
        return CSV_NOT_UTF8;
    }
    if (text->length + length > CSV_FIELD_LENGTH_MAX) {
        return CSV_FIELD_TOO_LONG;
    }
    if (*reader->at == '\n') {
        reader->line++;
    }
    builder_add_n(text, (const char *)reader->at, length);
    reader->at += length;
    return CSV_RECORD;
}

/* Whether a line ends here; a lone CR does not end one. */
static bool at_line_end(const struct csv_reader *reader) {
    if (reader->at == reader->end || *reader->at == '\n') {
        return true;
    }
    return *reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n';
}

static void skip_line_end(struct csv_reader *reader) {
    if (reader->at < reader->end && *reader->at == '\r') {
        reader->at++;
    }
    if (reader->at < reader->end) {
        check(*reader->at == '\n');
        reader->at++;
        reader->line++;
    }
}

static enum csv_verdict quoted_field(struct csv_reader *reader, struct builder *text) {
    reader->at++;
    for (;;) {
        if (reader->at == reader->end) {
            return CSV_UNFINISHED_QUOTE;
        }
        if (*reader->at == '"') {
            reader->at++;
            if (reader->at == reader->end || *reader->at != '"') {
                break;
            }
        }
        enum csv_verdict verdict = take_character(reader, text);
        if (verdict != CSV_RECORD) {
            return verdict;
        }
    }
    return at_line_end(reader) || *reader->at == ',' ? CSV_RECORD : CSV_STRAY_QUOTE;
}

static enum csv_verdict plain_field(struct csv_reader *reader, struct builder *text) {
    while (!at_line_end(reader) && *reader->at != ',') {
        if (*reader->at == '"') {
            return CSV_STRAY_QUOTE;
        }
        enum csv_verdict verdict = take_character(reader, text);
        if (verdict != CSV_RECORD) {
            return verdict;
        }
    }
    return CSV_RECORD;
}

enum csv_verdict csv_next(struct csv_reader *reader) {
    while (reader->at < reader->end && at_line_end(reader)) {
        skip_line_end(reader);
    }
    reader->record_line = reader->line;
    reader->count = 0;
    reader->column = 1;
    if (reader->at == reader->end) {
        return CSV_END;
    }
    for (;;) {
        if (reader->count == CSV_FIELDS_MAX) {
            return CSV_TOO_MANY_FIELDS;
        }
        reader->column = reader->count + 1;
        struct builder text = builder_start(reader->arena, 32);
        bool quoted = *reader->at == '"';
        enum csv_verdict verdict =
            quoted ? quoted_field(reader, &text) : plain_field(reader, &text);
        if (verdict != CSV_RECORD) {
            reader->record_line =
                verdict == CSV_UNFINISHED_QUOTE ? reader->record_line : reader->line;
            return verdict;
        }
        reader->fields[reader->count++] =
            (struct csv_field){builder_text(&text), text.length, quoted};
        if (at_line_end(reader)) {
            skip_line_end(reader);
            return CSV_RECORD;
        }
        reader->at++;                    /* the comma */
        if (reader->at == reader->end) { /* a comma ends the file: one more, empty, field */
            if (reader->count == CSV_FIELDS_MAX) {
                return CSV_TOO_MANY_FIELDS;
            }
            reader->fields[reader->count++] = (struct csv_field){"", 0, false};
            return CSV_RECORD;
        }
    }
}

const char *csv_verdict_zh(enum csv_verdict verdict) {
    switch (verdict) {
    case CSV_RECORD:
    case CSV_END:
        return "";
    case CSV_NOT_UTF8:
        return "不是 UTF-8 编码（可能是 GBK），请另存为“CSV UTF-8”后再导入";
    case CSV_NUL:
        return "含有空字节，不是文本文件（可能是 UTF-16），请另存为“CSV UTF-8”";
    case CSV_STRAY_QUOTE:
        return "引号位置不对：含引号的内容要整体加引号，内部引号写两次";
    case CSV_UNFINISHED_QUOTE:
        return "引号没有结束，直到文件末尾";
    case CSV_TOO_MANY_FIELDS:
        return "列太多";
    case CSV_FIELD_TOO_LONG:
        return "内容太长";
    }
    return "";
}

const char *csv_verdict_en(enum csv_verdict verdict) {
    switch (verdict) {
    case CSV_RECORD:
    case CSV_END:
        return "";
    case CSV_NOT_UTF8:
        return "not UTF-8 (GBK perhaps); save the file as \"CSV UTF-8\" and import it again";
    case CSV_NUL:
        return "a zero byte, so not a text file (UTF-16 perhaps); save it as \"CSV UTF-8\"";
    case CSV_STRAY_QUOTE:
        return "a quote in the wrong place: quote the whole field and double the quotes in it";
    case CSV_UNFINISHED_QUOTE:
        return "a quoted field does not end before the file does";
    case CSV_TOO_MANY_FIELDS:
        return "too many columns";
    case CSV_FIELD_TOO_LONG:
        return "field too long";
    }
    return "";
}
