/* arena.c: a bump allocator in blocks. Exports what arena.h declares. */
#include "base/arena.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* KEPT_MOST: bytes of blocks that a reset keeps, so that a busy arena stops asking for memory. */
enum { ALIGNMENT = 16, KEPT_MOST = 4 * 1024 * 1024 };

struct block {
    struct block *next;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) unsigned char data[];
};

struct arena {
    struct block *first;
    struct block *current;
    size_t block_size;
    size_t room; /* of all blocks */
    size_t used;
};

static struct block *block_create(size_t size) {
    struct block *block = malloc(sizeof *block + size);
    check(block != NULL);
    block->next = NULL;
    block->size = size;
    block->used = 0;
    return block;
}

struct arena *arena_create(size_t block_size) {
    struct arena *arena = malloc(sizeof *arena);
    check(arena != NULL);
    arena->first = arena->current = block_create(block_size);
    arena->block_size = arena->room = block_size;
    arena->used = 0;
    return arena;
}

static void free_after(struct block *block) {
    struct block *next = block->next;
    block->next = NULL;
    while (next != NULL) {
        struct block *gone = next;
        next = next->next;
        free(gone);
    }
}

void arena_destroy(struct arena *arena) {
    if (arena == NULL)
        return;
    free_after(arena->first);
    free(arena->first);
    free(arena);
}

/*
 * Whose thread resets is seldom whose thread has written: only the first block is touched, the
 * others when they come into use again. Blocks are given back when there are too many of them.
 */
void arena_reset(struct arena *arena) {
    if (arena->room > KEPT_MOST) {
        size_t kept = arena->first->size;
        struct block *block = arena->first;
        for (; block->next != NULL && kept + block->next->size <= KEPT_MOST; block = block->next)
            kept += block->next->size;
        free_after(block);
        arena->room = kept;
    }
    arena->first->used = 0;
    arena->current = arena->first;
    arena->used = 0;
}

/* Makes a block with so much room the current one: the next one that was kept, or a new one. */
static struct block *next_block(struct arena *arena, size_t size) {
    struct block *block = arena->current->next;
    if (block == NULL || block->size < size) {
        block = block_create(size > arena->block_size ? size : arena->block_size);
        block->next = arena->current->next;
        arena->current->next = block;
        arena->room += block->size;
    }
    block->used = 0;
    return arena->current = block;
}

void *arena_room(struct arena *arena, size_t size) {
    check(size <= SIZE_MAX / 2);
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    struct block *block = arena->current;
    if (block->size - block->used < rounded)
        block = next_block(arena, rounded);
    void *at = block->data + block->used;
    block->used += rounded;
    arena->used += rounded;
    return at;
}

void *arena_allocate(struct arena *arena, size_t size) {
    return memset(arena_room(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size) {
    check(size == 0 || count <= SIZE_MAX / 2 / size);
    return arena_allocate(arena, count * size);
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return array;
    *room = *room > 0 ? *room * 2 : 8;
    check(size == 0 || *room <= SIZE_MAX / 2 / size);
    void *more = arena_room(arena, *room * size);
    if (count > 0)
        memcpy(more, array, count * size);
    return more;
}

char *arena_text(struct arena *arena, const char *text) {
    return text == NULL ? NULL : arena_text_n(arena, text, strlen(text));
}

char *arena_text_n(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_room(arena, length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

struct bytes arena_bytes(struct arena *arena, struct bytes bytes) {
    uint8_t *copy = arena_room(arena, bytes.length == 0 ? 1 : bytes.length);
    if (bytes.length > 0)
        memcpy(copy, bytes.at, bytes.length);
    return (struct bytes){copy, bytes.length};
}

/* Most texts fit into what is left of the block and are formatted there, once. */
char *arena_printf(struct arena *arena, const char *format, ...) {
    struct block *block = arena->current;
    size_t room = block->size - block->used;
    char *text = (char *)block->data + block->used;
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(text, room, format, arguments);
    va_end(arguments);
    check(length >= 0);
    char *place = arena_room(arena, (size_t)length + 1);
    if (place != text || (size_t)length >= room)
        vsnprintf(place, (size_t)length + 1, format, again);
    va_end(again);
    return place;
}

size_t arena_used(const struct arena *arena) {
    return arena->used;
}

struct bytes bytes_of_text(const char *text) {
    return (struct bytes){(const uint8_t *)text, strlen(text)};
}

bool bytes_equal(struct bytes a, struct bytes b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

void arena_cleanup(struct arena **arena) {
    arena_destroy(*arena);
    *arena = NULL;
}
