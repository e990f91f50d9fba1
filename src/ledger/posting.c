/* posting.c: the posting rules. Exports what posting.h declares. */
#include "ledger/posting.h"

#include "base/check.h"

static const struct posting_row rows[POSTING_RULE_COUNT] = {
#include "posting_table.inc"
};

const struct posting_row *posting_row(enum posting_rule rule) {
    check((unsigned)rule < POSTING_RULE_COUNT);
    return &rows[rule];
}
