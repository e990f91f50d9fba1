/* tree.c: JSON in, over jansson. Exports what tree.h declares. */
#include "sandbox/tree.h"

#include <jansson.h>
#include <string.h>

/* struct tree is never defined: a pointer to it is a json_t. */

static const json_t *find(const struct tree *tree, const char *path) {
    const json_t *at = (const json_t *)(const void *)tree;
    while (at != NULL && *path != '\0') {
        size_t length = strcspn(path, ".");
        at = json_object_getn(at, path, length);
        path += length + (path[length] == '.' ? 1 : 0);
    }
    return at;
}

static struct tree *object_only(json_t *root) {
    if (root != NULL && !json_is_object(root)) {
        json_decref(root);
        root = NULL;
    }
    return (struct tree *)(void *)root;
}

struct tree *tree_read(struct bytes text) {
    return object_only(
        json_loadb((const char *)text.at, text.length, JSON_REJECT_DUPLICATES, NULL));
}

struct tree *tree_load(const char *path) {
    return object_only(json_load_file(path, JSON_REJECT_DUPLICATES, NULL));
}

void tree_free(struct tree *tree) {
    json_decref((json_t *)(void *)tree);
}

void tree_cleanup(struct tree **tree) {
    tree_free(*tree);
}

const char *tree_text(const struct tree *tree, const char *path) {
    return json_string_value(find(tree, path));
}

bool tree_integer(const struct tree *tree, const char *path, int64_t *out) {
    const json_t *value = find(tree, path);
    if (!json_is_integer(value))
        return false;
    *out = json_integer_value(value);
    return true;
}

bool tree_has(const struct tree *tree, const char *path) {
    return find(tree, path) != NULL;
}
