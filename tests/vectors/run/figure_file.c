/* figure_file.c: reading figures. A file is read whole and its lines are cut in place. */
#include "figure_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool fail(struct figure_file *file, int32_t line, const char *what) {
    if (line > 0)
        snprintf(file->error, sizeof file->error, "line %d: %s", line, what);
    else
        snprintf(file->error, sizeof file->error, "%s", what);
    return false;
}

static bool read_text(const char *path, struct figure_file *file) {
    FILE *stream = fopen(path, "r");
    if (!stream)
        return fail(file, 0, strerror(errno));
    size_t room = 65536, length = 0, got;
    file->text = malloc(room + 1);
    while (file->text && (got = fread(file->text + length, 1, room - length, stream)) > 0) {
        length += got;
        if (length == room)
            file->text = realloc(file->text, (room *= 2) + 1);
    }
    bool bad = !file->text || ferror(stream);
    fclose(stream);
    if (bad)
        return fail(file, 0, "cannot be read");
    file->text[length] = '\0';
    if (strlen(file->text) != length)
        return fail(file, 0, "holds a zero byte");
    return true;
}

/* Room for one more element; doubles at the powers of two. */
static void *room_for_one(void *array, int32_t count, size_t size) {
    if (count > 0 && (count & (count - 1)) != 0)
        return array;
    void *larger = realloc(array, (count ? 2 * (size_t)count : 1) * size);
    if (!larger)
        abort();
    return larger;
}

static bool begin_case(struct figure_file *file, int32_t number, const char *id) {
    if (!id[0])
        return fail(file, number, "a case without a name");
    file->cases = room_for_one(file->cases, file->case_count, sizeof *file->cases);
    file->cases[file->case_count++] =
        (struct figure_case){id, number, file->line_count, file->line_count};
    return true;
}

static void add_line(struct figure_file *file, struct vector_line line) {
    file->lines = room_for_one(file->lines, file->line_count, sizeof *file->lines);
    file->lines[file->line_count++] = line;
    file->cases[file->case_count - 1].last = file->line_count;
}

/* One line that is neither empty nor a comment; *open tells whether a case is open. */
static bool take_line(struct figure_file *file, int32_t number, char *text, bool *open) {
    char *space = strchr(text, ' ');
    if (space)
        *space++ = '\0';
    struct vector_line line = {number, text, space ? space : ""};
    if (!text[0])
        return fail(file, number, "begins with a space");
    if (strcmp(text, "case") == 0) {
        if (*open)
            return fail(file, number, "no empty line before the case");
        *open = true;
        return begin_case(file, number, line.rest);
    }
    if (*open) {
        add_line(file, line);
        return true;
    }
    if (file->case_count > 0)
        return fail(file, number, "a line outside of any case");
    if (strcmp(text, "kind") == 0)
        file->kind = line.rest;
    else if (strcmp(text, "source") != 0)
        return fail(file, number, "the head has only 'kind' and 'source'");
    return true;
}

bool figure_file_read(const char *path, struct figure_file *file) {
    *file = (struct figure_file){.path = path};
    if (!read_text(path, file))
        return false;
    bool open = false;
    int32_t number = 0;
    for (char *at = file->text, *next; *at; at = next) {
        char *end = strchrnul(at, '\n');
        next = *end ? end + 1 : end;
        *end = '\0';
        if (end > at && end[-1] == '\r')
            end[-1] = '\0';
        number++;
        if (at[0] == '\0')
            open = false;
        else if (at[0] != '#' && !take_line(file, number, at, &open))
            return false;
    }
    return file->kind ? true : fail(file, 0, "the head names no kind");
}

void figure_file_free(struct figure_file *file) {
    free(file->lines);
    free(file->cases);
    free(file->text);
}

struct vector_case figure_file_case(
    const struct figure_file *file, int32_t n, struct arena *arena) {
    const struct figure_case *one = &file->cases[n];
    return (struct vector_case){one->id, one->last - one->first, file->lines + one->first, arena};
}

bool vector_word(const struct vector_line *line, int32_t n, char *out, size_t room) {
    const char *at = line->rest + strspn(line->rest, " ");
    for (; n > 0 && *at; n--) {
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    size_t length = strcspn(at, " ");
    if (length == 0 || length >= room)
        return false;
    memcpy(out, at, length);
    out[length] = '\0';
    return true;
}

const struct vector_line *vector_find(
    const struct vector_case *one, const char *word, int32_t *from) {
    for (int32_t i = *from; i < one->count; i++) {
        if (strcmp(one->lines[i].word, word) == 0) {
            *from = i + 1;
            return &one->lines[i];
        }
    }
    return NULL;
}
