/* vector_file.c: reading tests/vectors. The folder is given by the environment variable VECTORS. */
#include "vector_file.h"

#include "cmocka_include.h"
#include "codec/text_bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *vector_text(const struct vector *vector, const char *name) {
    for (size_t i = 0; i < vector->count; i++)
        if (strcmp(vector->names[i], name) == 0)
            return vector->values[i];
    return NULL;
}

struct bytes vector_bytes(const struct vector *vector, const char *name) {
    const char *text = vector_text(vector, name);
    assert_non_null(text);
    struct bytes out = bytes_of_text(text);
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, "_hex") == 0)
        assert_true(hex_read(vector->arena, bytes_of_text(text), &out));
    if (length > 7 && strcmp(name + length - 7, "_base64") == 0)
        assert_true(base64_read(vector->arena, bytes_of_text(text), &out));
    return out;
}

static char *unescaped(struct arena *arena, const char *text) {
    char *out = arena_allocate(arena, strlen(text) + 1), *to = out;
    for (; *text; text++) {
        if (*text == '\\') {
            text++;
            *to++ = *text == 'n' ? '\n' : *text;
        } else {
            *to++ = *text;
        }
    }
    return out;
}

static void add_line(struct vector *vector, char *line) {
    assert_true(vector->count < VECTOR_FIELDS_MAX);
    char *space = strchr(line, ' ');
    if (space)
        *space = '\0';
    vector->names[vector->count] = arena_text(vector->arena, line);
    vector->values[vector->count++] = space ? unescaped(vector->arena, space + 1) : "";
}

size_t vector_file_each(const char *file, void (*each)(const struct vector *vector)) {
    const char *folder = getenv("VECTORS");
    assert_non_null(folder);
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *stream = fopen(path, "r");
    assert_non_null(stream);
    char *line = NULL;
    size_t room = 0, records = 0;
    ssize_t length;
    struct vector vector = {.arena = arena_create(65536)};
    do {
        length = getline(&line, &room, stream);
        if (length > 0 && line[length - 1] == '\n')
            line[length - 1] = '\0';
        if (length > 0 && line[0] == '#')
            continue;
        if (length > 0 && line[0] != '\0') {
            add_line(&vector, line);
        } else if (vector.count > 0) {
            each(&vector);
            records++;
            arena_reset(vector.arena);
            vector.count = 0;
        }
    } while (length > 0);
    free(line);
    fclose(stream);
    arena_destroy(vector.arena);
    return records;
}
