/*
 * tree.h: JSON in. Exports tree_read() and look-ups by a path such as "amount.total".
 *
 * A wrapper around jansson, because jansson's names and those of base/json_write.h cannot stand in
 * one file.
 */
#ifndef FENQI_SANDBOX_TREE_H
#define FENQI_SANDBOX_TREE_H

#include "base/arena.h"

struct tree;

/* One JSON object, duplicate names refused. NULL when `text` is not that. The caller frees. */
struct tree *tree_read(struct bytes text);
struct tree *tree_load(const char *path);
void tree_free(struct tree *tree);
void tree_cleanup(struct tree **tree);
#define SANDBOX_TREE __attribute__((cleanup(tree_cleanup))) struct tree *

/* The string at `path`, alive as long as the tree; NULL when it is absent or not a string. */
const char *tree_text(const struct tree *tree, const char *path);

/* False when it is absent or not an integer. */
bool tree_integer(const struct tree *tree, const char *path, int64_t *out);

/* Whether anything stands at `path`. */
bool tree_has(const struct tree *tree, const char *path);

#endif
