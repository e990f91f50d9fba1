/* seal_day.c: the books of a closed day under one signed hash. See seal_day.h. */
#include "service/seal_day.h"

#include "store/setting.h"

#include <string.h>

enum { PAGE = 2000, TAG_SIZE = 12, STATEMENT_SIZE = TAG_SIZE + 4 + 8 + 2 * SHA256_SIZE };

enum status grow_day_tree(struct tx *tx, struct day_tree *tree) {
    struct journal_leaf *leaves;
    size_t count;
    enum status status = journal_of_day(tx, tree->day, &tree->last, PAGE, &leaves, &count);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < count; i++) {
        if (tree->wanted != NULL && journal_key_is(&leaves[i].key, tree->wanted))
            merkle_prove_next(&tree->merkle, &tree->proof);
        merkle_add(&tree->merkle, (struct bytes){leaves[i].hash, SHA256_SIZE});
    }
    if (count > 0)
        tree->last = leaves[count - 1];
    tree->done = count < PAGE;
    return STATUS_OK;
}

enum status plan_seals(struct tx *tx, struct seal_plan *plan) {
    struct merkle_root *last;
    *plan = (struct seal_plan){.from = DAY_NONE};
    enum status status = merkle_root_last(tx, &last);
    if (status == STATUS_OK && last == NULL)
        status = journal_first_day(tx, &plan->from);
    if (status == STATUS_OK)
        status = setting_business_date(tx, &plan->before);
    if (status != STATUS_OK)
        return status;
    if (last != NULL) {
        plan->from = day_add(last->day, 1);
        seal_digest(last, plan->previous);
    } else if (day_is_none(plan->from)) {
        plan->from = plan->before; /* no entry yet */
    }
    return commit_number(tx, &plan->number);
}

static void put(uint8_t **at, uint64_t value, int width) {
    for (int i = width - 1; i >= 0; i--)
        *(*at)++ = (uint8_t)(value >> (8 * i));
}

static struct bytes statement_of(const struct merkle_root *row, uint8_t out[STATEMENT_SIZE]) {
    uint8_t *at = out;
    memcpy(at, "fenqi-day-01", TAG_SIZE);
    at += TAG_SIZE;
    put(&at, (uint32_t)row->day.number, 4);
    put(&at, (uint64_t)row->count, 8);
    memcpy(at, row->previous, SHA256_SIZE);
    memcpy(at + SHA256_SIZE, row->root, SHA256_SIZE);
    return (struct bytes){out, STATEMENT_SIZE};
}

void seal_digest(const struct merkle_root *row, uint8_t digest[SHA256_SIZE]) {
    uint8_t statement[STATEMENT_SIZE];
    sha256(statement_of(row, statement), digest);
}

bool seal_holds(const struct vault *vault, const struct merkle_root *row) {
    uint8_t statement[STATEMENT_SIZE], signature[SIGNATURE_SIZE], ours[PUBLIC_KEY_SIZE];
    struct bytes message = statement_of(row, statement);
    vault_sign(vault, VAULT_BOOKS, message, signature, ours);
    return memcmp(ours, row->public_key, sizeof ours) == 0 &&
           signature_is_genuine(row->signature, row->public_key, message);
}

enum status seal_day(struct tx *tx, const struct vault *vault, const struct day_tree *tree,
    const uint8_t previous[SHA256_SIZE], uint8_t digest[SHA256_SIZE]) {
    struct merkle_root row = {
        .day = tree->day, .count = tree->merkle.count, .created_at = tx_now(tx)};
    uint8_t statement[STATEMENT_SIZE];
    memcpy(row.previous, previous, SHA256_SIZE);
    merkle_root(&tree->merkle, row.root);
    vault_sign(vault, VAULT_BOOKS, statement_of(&row, statement), row.signature, row.public_key);
    seal_digest(&row, digest);
    return merkle_root_insert(tx, &row);
}
