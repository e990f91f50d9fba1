/*
 * builder.h: a growing text in an arena. Exports: struct builder and its functions.
 */
#ifndef FENQI_BASE_BUILDER_H
#define FENQI_BASE_BUILDER_H

#include "base/arena.h"

struct builder {
    struct arena *arena;
    char *at;
    size_t length;
    size_t room;
};

/* A builder whose text lives in `arena`, with `room` bytes to start with. */
struct builder builder_start(struct arena *arena, size_t room);

/* Makes room for `more` bytes and a NUL; builder_room() is how to ask for it. */
void builder_grow(struct builder *builder, size_t more);

/* Where `more` bytes (and a NUL) may be written; who writes there adds to `length`. */
static inline char *builder_room(struct builder *builder, size_t more) {
    if (more >= builder->room - builder->length)
        builder_grow(builder, more);
    return builder->at + builder->length;
}

void builder_add(struct builder *builder, const char *text);
void builder_add_n(struct builder *builder, const char *text, size_t length);

static inline void builder_add_character(struct builder *builder, char character) {
    *builder_room(builder, 1) = character;
    builder->length++;
}

void builder_add_integer(struct builder *builder, int64_t value);
void builder_printf(struct builder *builder, const char *format, ...) FENQI_PRINTF(2, 3);

/* The text so far, NUL-terminated, alive as long as the arena. Adding more may move it. */
char *builder_text(struct builder *builder);
struct bytes builder_bytes(const struct builder *builder);

#endif
