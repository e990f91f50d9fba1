/* verify_roots.c: the signed roots of closed days held against the journal. See verify_roots.h. */
#include "service/verify_roots.h"

#include "service/books_check.h"

#include <string.h>

/* Checks the row of a day by itself and against the one before it; its entries come next. */
static void begin_day(const struct check *check, const struct vault *vault,
    struct roots_place *place, const struct merkle_root *row) {
    char day[DAY_TEXT_SIZE];
    day_to_text(row->day, day);
    if (place->begun && days_between(place->row.day, row->day) != 1)
        differ(check, "the root of the day before %s is missing", day);
    if (memcmp(row->previous, place->digest, SHA256_SIZE) != 0)
        differ(check, "the root of %s does not follow from the one before it", day);
    if (!seal_holds(vault, row))
        differ(check, "the root of %s is not signed by this installation", day);
    seal_digest(row, place->digest);
    place->row = *row;
    place->tree = (struct day_tree){.day = row->day};
    place->begun = place->inside = true;
}

static void end_day(const struct check *check, struct roots_place *place) {
    char day[DAY_TEXT_SIZE];
    uint8_t root[SHA256_SIZE];
    merkle_root(&place->tree.merkle, root);
    day_to_text(place->row.day, day);
    if (place->tree.merkle.count != place->row.count)
        differ(check, "%s: the signed root covers %lld entries, the journal has %lld", day,
            (long long)place->row.count, (long long)place->tree.merkle.count);
    else if (memcmp(root, place->row.root, SHA256_SIZE) != 0)
        differ(check, "%s: the entries are not those of the signed root", day);
    check->report->days++;
    place->inside = false;
}

enum status check_roots(struct tx *tx, const struct vault *vault, books_difference tell,
    void *context, struct roots_place *place, struct books_report *report) {
    struct check check = {tx, tell, context, report};
    enum status status = STATUS_OK;
    if (!place->inside) {
        struct merkle_root *rows;
        size_t count;
        struct day after = place->begun ? place->row.day : (struct day){INT32_MIN + 1};
        status = merkle_root_list(tx, after, 1, &rows, &count);
        place->done = status == STATUS_OK && count == 0;
        if (status != STATUS_OK || place->done)
            return status;
        begin_day(&check, vault, place, &rows[0]);
    }
    status = grow_day_tree(tx, &place->tree);
    if (status == STATUS_OK && place->tree.done)
        end_day(&check, place);
    return status;
}
