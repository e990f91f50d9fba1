/* builder.c: a growing text. Exports what builder.h declares. */
#include "base/builder.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct builder builder_start(struct arena *arena, size_t room) {
    size_t start = room < 32 ? 32 : room;
    return (struct builder){arena, arena_room(arena, start), 0, start};
}

void builder_grow(struct builder *builder, size_t more) {
    check(more < SIZE_MAX / 4);
    size_t room = builder->room * 2;
    while (room < builder->length + more + 1)
        room *= 2;
    char *moved = arena_room(builder->arena, room);
    memcpy(moved, builder->at, builder->length);
    builder->at = moved;
    builder->room = room;
}

void builder_add_n(struct builder *builder, const char *text, size_t length) {
    char *at = builder_room(builder, length);
    if (length > 0)
        memcpy(at, text, length);
    builder->length += length;
}

void builder_add(struct builder *builder, const char *text) {
    builder_add_n(builder, text, strlen(text));
}

void builder_add_integer(struct builder *builder, int64_t value) {
    char digits[21];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (value < 0)
        digits[--at] = '-';
    builder_add_n(builder, digits + at, sizeof digits - at);
}

void builder_printf(struct builder *builder, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    size_t room = builder->room - builder->length;
    int length = vsnprintf(builder->at + builder->length, room, format, arguments);
    va_end(arguments);
    check(length >= 0);
    if ((size_t)length >= room)
        vsnprintf(builder_room(builder, (size_t)length), (size_t)length + 1, format, again);
    va_end(again);
    builder->length += (size_t)length;
}

char *builder_text(struct builder *builder) {
    *builder_room(builder, 0) = '\0';
    return builder->at;
}

struct bytes builder_bytes(const struct builder *builder) {
    return (struct bytes){(const uint8_t *)builder->at, builder->length};
}
