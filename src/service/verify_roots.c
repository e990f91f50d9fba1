/* verify_roots.c: the signed roots of closed days held against the journal. See verify_roots.h. */
#include "service/verify_roots.h"

#include "service/books_check.h"

#include <string.h>

enum { DAYS_A_STATEMENT = 500 };

enum status load_sealed_days(struct tx *tx, struct sealed_days *days) {
    struct day after = {INT32_MIN + 1};
    size_t room = 0, count = DAYS_A_STATEMENT;
    *days = (struct sealed_days){0};
    while (count == DAYS_A_STATEMENT) {
        struct merkle_root *rows;
        enum status status = merkle_root_list(tx, after, DAYS_A_STATEMENT, &rows, &count);
        if (status != STATUS_OK)
            return status;
        for (size_t i = 0; i < count; i++) {
            days->rows =
                arena_grow(tx_arena(tx), days->rows, days->count, &room, sizeof *days->rows);
            days->rows[days->count++] = rows[i];
            after = rows[i].day;
        }
    }
    return STATUS_OK;
}

enum status verify_seals(struct tx *tx, const struct vault *vault, const struct sealed_days *days,
    struct books_page *page) {
    struct check check;
    uint8_t digest[SHA256_SIZE] = {0};
    check_start(&check, tx, page);
    for (size_t i = 0; i < days->count; i++) {
        const struct merkle_root *row = &days->rows[i];
        char day[DAY_TEXT_SIZE];
        day_to_text(row->day, day);
        if (i > 0 && days_between(days->rows[i - 1].day, row->day) != 1)
            differ(&check, "the root of the day before %s is missing", day);
        if (memcmp(row->previous, digest, SHA256_SIZE) != 0)
            differ(&check, "the root of %s does not follow from the one before it", day);
        if (!seal_holds(vault, row))
            differ(&check, "the root of %s is not signed by this installation", day);
        seal_digest(row, digest);
    }
    return STATUS_OK;
}

static void end_day(
    const struct check *check, const struct merkle_root *row, const struct day_tree *tree) {
    char day[DAY_TEXT_SIZE];
    uint8_t root[SHA256_SIZE];
    merkle_root(&tree->merkle, root);
    day_to_text(row->day, day);
    if (tree->merkle.count != row->count)
        differ(check, "%s: the signed root covers %lld entries, the journal has %lld", day,
            (long long)row->count, (long long)tree->merkle.count);
    else if (memcmp(root, row->root, SHA256_SIZE) != 0)
        differ(check, "%s: the entries are not those of the signed root", day);
    check->page->report.days++;
}

enum status verify_sealed_day(
    struct tx *tx, const struct merkle_root *row, struct day_tree *tree, struct books_page *page) {
    struct check check;
    check_start(&check, tx, page);
    tree->day = row->day;
    enum status status = grow_day_tree(tx, tree);
    if (status == STATUS_OK && tree->done)
        end_day(&check, row, tree);
    return status;
}
