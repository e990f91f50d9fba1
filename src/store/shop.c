/*
 * shop.c: shops and their API keys. See shop.h.
 */
#include "store/shop.h"

#include "store/statement.h"

/* The row that a statement stands on; its columns are shop's, in their order. */
static void read_row(struct statement *statement, struct shop *shop) {
    shop->shop_id = statement_integer(statement, 0);
    shop->code = statement_text(statement, 1);
    shop->name = statement_text(statement, 2);
    shop->webhook_url = statement_text(statement, 3);
    shop->webhook_secret = statement_bytes(statement, 4);
    shop->created_at = statement_instant(statement, 5);
}

static enum status read_one(struct tx *tx, struct statement *statement, struct shop **shop) {
    *shop = NULL;
    if (statement_step(statement)) {
        *shop = ARENA_NEW(tx_arena(tx), struct shop);
        read_row(statement, *shop);
    }
    return statement_end(statement);
}

enum status shop_list(
    struct tx *tx, int64_t after_id, int32_t limit, struct shop **shops, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_LIST);
    statement_bind_integer(statement, 1, limit);
    statement_bind_integer(statement, 2, after_id);
    *shops = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct shop);
    *count = 0;
    while (*count < (size_t)limit && statement_step(statement))
        read_row(statement, &(*shops)[(*count)++]);
    return statement_end(statement);
}

enum status shop_by_code(struct tx *tx, const char *code, struct shop **shop) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_BY_CODE);
    statement_bind_text(statement, 1, code);
    return read_one(tx, statement, shop);
}

enum status shop_load(struct tx *tx, int64_t shop_id, struct shop **shop) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_LOAD);
    statement_bind_integer(statement, 1, shop_id);
    return read_one(tx, statement, shop);
}

enum status shop_by_key(struct tx *tx, const char *key_hash, struct shop **shop) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_BY_KEY);
    statement_bind_text(statement, 1, key_hash);
    return read_one(tx, statement, shop);
}

enum status shop_insert(struct tx *tx, const struct shop *shop) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_INSERT);
    statement_bind_integer(statement, 1, shop->shop_id);
    statement_bind_text(statement, 2, shop->code);
    statement_bind_text(statement, 3, shop->name);
    statement_bind_text(statement, 4, shop->webhook_url);
    statement_bind_bytes(statement, 5, shop->webhook_secret);
    statement_bind_instant(statement, 6, shop->created_at);
    return statement_run(statement);
}

enum status shop_key_insert(
    struct tx *tx, const char *key_hash, int64_t shop_id, struct instant created_at) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_KEY_INSERT);
    statement_bind_text(statement, 1, key_hash);
    statement_bind_integer(statement, 2, shop_id);
    statement_bind_instant(statement, 3, created_at);
    return statement_run(statement);
}

enum status shop_key_revoke(
    struct tx *tx, const char *key_hash, struct instant now, bool *revoked) {
    struct statement *statement = statement_start(tx, QUERY_SHOP_KEY_REVOKE);
    statement_bind_text(statement, 1, key_hash);
    statement_bind_instant(statement, 2, now);
    int64_t changed = 0;
    enum status status = statement_run_changed(statement, &changed);
    *revoked = changed == 1;
    return status;
}
