/* merkle_root.c: the signed root of each day's books. See merkle_root.h. */
#include "store/merkle_root.h"

#include "store/statement.h"

#include <string.h>

enum status merkle_root_insert(struct tx *tx, const struct merkle_root *root) {
    struct statement *statement = statement_start(tx, QUERY_MERKLE_ROOT_INSERT);
    statement_bind_day(statement, 1, root->day);
    statement_bind_integer(statement, 2, root->count);
    statement_bind_bytes(statement, 3, (struct bytes){root->previous, sizeof root->previous});
    statement_bind_bytes(statement, 4, (struct bytes){root->root, sizeof root->root});
    statement_bind_bytes(statement, 5, (struct bytes){root->signature, sizeof root->signature});
    statement_bind_bytes(statement, 6, (struct bytes){root->public_key, sizeof root->public_key});
    statement_bind_instant(statement, 7, root->created_at);
    return statement_run(statement);
}

static bool read_bytes(struct statement *statement, int column, uint8_t *out, size_t size) {
    struct bytes bytes = statement_bytes(statement, column);
    if (bytes.length == size)
        memcpy(out, bytes.at, size);
    return bytes.length == size;
}

static bool read_root(struct statement *statement, struct merkle_root *root) {
    root->day = statement_day(statement, 0);
    root->count = statement_integer(statement, 1);
    root->created_at = statement_instant(statement, 6);
    return read_bytes(statement, 2, root->previous, sizeof root->previous) &&
           read_bytes(statement, 3, root->root, sizeof root->root) &&
           read_bytes(statement, 4, root->signature, sizeof root->signature) &&
           read_bytes(statement, 5, root->public_key, sizeof root->public_key);
}

static enum status read_roots(struct tx *tx, struct statement *statement, size_t limit,
    struct merkle_root **roots, size_t *count) {
    bool sound = true;
    *roots = ARENA_ARRAY(tx_arena(tx), limit, struct merkle_root);
    *count = 0;
    while (*count < limit && statement_step(statement))
        sound = read_root(statement, &(*roots)[(*count)++]) && sound;
    enum status status = statement_end(statement);
    if (status == STATUS_OK && !sound)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "a day's root is not of its size");
    return status;
}

enum status merkle_root_list(
    struct tx *tx, struct day day, int32_t limit, struct merkle_root **roots, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_MERKLE_ROOT_LIST);
    statement_bind_integer(statement, 1, day.number);
    statement_bind_integer(statement, 2, limit);
    return read_roots(tx, statement, (size_t)limit, roots, count);
}

enum status merkle_root_last(struct tx *tx, struct merkle_root **root) {
    size_t count;
    struct statement *statement = statement_start(tx, QUERY_MERKLE_ROOT_LAST);
    statement_bind_integer(statement, 1, INT32_MAX);
    enum status status = read_roots(tx, statement, 1, root, &count);
    if (count == 0)
        *root = NULL;
    return status;
}

static enum status load_number(struct tx *tx, enum query query, int64_t *number) {
    struct statement *statement = statement_start(tx, query);
    *number = statement_step(statement) ? statement_integer(statement, 0) : 0;
    return statement_end(statement);
}

enum status commit_horizon(struct tx *tx, int64_t *horizon) {
    return load_number(tx, QUERY_COMMIT_HORIZON, horizon);
}

enum status commit_number(struct tx *tx, int64_t *number) {
    return load_number(tx, QUERY_COMMIT_NUMBER, number);
}
