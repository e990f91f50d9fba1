/*
 * utf8.h: whether bytes are UTF-8. Exports: utf8_length(), utf8_is_valid().
 */
#ifndef FENQI_BASE_UTF8_H
#define FENQI_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the character at `at` has, 0 when it is not a valid one. `left` > 0 bytes follow.
 */
size_t utf8_length(const unsigned char *at, size_t left);

/* Whether all of `length` bytes are valid characters: no overlong form, no surrogate. */
bool utf8_is_valid(const char *text, size_t length);

#endif
