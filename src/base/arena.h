/*
 * arena.h: memory of one request or one job item. Exports: struct arena, struct bytes and their
 * functions.
 *
 * Allocation is a bump of a pointer; nothing is freed by itself; the whole arena is reset or
 * destroyed at the end. Running out of the process's memory is a bug here: every input is bounded.
 */
#ifndef FENQI_BASE_ARENA_H
#define FENQI_BASE_ARENA_H

#include "base/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* Bytes that somebody else owns (an arena, a literal). Not NUL-terminated. */
struct bytes {
    const uint8_t *at;
    size_t length;
};

/* A new arena whose blocks are at least `block_size` bytes. The caller destroys it. */
struct arena *arena_create(size_t block_size);

/* Frees everything. NULL is allowed. */
void arena_destroy(struct arena *arena);

/* Forgets everything allocated; keeps up to 4 MB of its blocks for what comes. */
void arena_reset(struct arena *arena);

/* `size` zeroed bytes, aligned for any type, alive until reset or destroy. Never NULL. */
void *arena_allocate(struct arena *arena, size_t size);

/* The same with whatever bytes were there: for what is large and filled only as far as it is used.
 */
void *arena_room(struct arena *arena, size_t size);

/* Room for `count` objects of `size` bytes, zeroed; checks the product. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * An array in the arena with room for one more than `count` of its `*room` objects: the same one,
 * or a copy twice as large, whose new part is not zeroed. Starts as NULL with no room.
 */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t *room, size_t size);

/* A NUL-terminated copy of `text`. NULL gives NULL. */
char *arena_text(struct arena *arena, const char *text);

/* A NUL-terminated copy of `length` bytes. */
char *arena_text_n(struct arena *arena, const char *text, size_t length);

/* A copy of bytes. */
struct bytes arena_bytes(struct arena *arena, struct bytes bytes);

/* A formatted NUL-terminated text. */
char *arena_printf(struct arena *arena, const char *format, ...) FENQI_PRINTF(2, 3);

/* Bytes handed out since creation or reset; for tests and limits. */
size_t arena_used(const struct arena *arena);

/* The bytes of a NUL-terminated text, without the NUL. */
struct bytes bytes_of_text(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);

#define ARENA_NEW(arena, type) ((type *)arena_allocate((arena), sizeof(type)))
#define ARENA_ROOM(arena, type) ((type *)arena_room((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))

void arena_cleanup(struct arena **arena);
#define FENQI_ARENA __attribute__((cleanup(arena_cleanup))) struct arena *

#endif
