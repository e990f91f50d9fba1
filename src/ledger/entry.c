/* entry.c: journal entries and their canonical bytes. Exports what entry.h declares. */
#include "ledger/entry.h"

#include "base/check.h"

enum { ENTRY_FORMAT_VERSION = 1, CODE_LENGTH = 4 };

void entry_begin(struct entry *entry, int64_t chain_id, int64_t sequence, struct day day) {
    entry->chain_id = chain_id;
    entry->sequence = sequence;
    entry->day = day;
    entry->line_count = 0;
}

static void add_line(
    struct entry *entry, enum account account, enum side side, struct money amount) {
    check(entry->line_count < ENTRY_LINES_MAX);
    entry->lines[entry->line_count++] = (struct entry_line){account, side, amount};
}

void entry_post(struct entry *entry, enum posting_rule rule, struct money amount) {
    if (money_is_zero(amount))
        return;
    const struct posting_row *row = posting_row(rule);
    bool back = money_is_negative(amount);
    struct money size = back ? money_negate(amount) : amount;
    add_line(entry, back ? row->credit : row->debit, SIDE_DEBIT, size);
    add_line(entry, back ? row->debit : row->credit, SIDE_CREDIT, size);
}

bool entry_balanced(const struct entry *entry) {
    int128 sum = 0;
    for (int32_t i = 0; i < entry->line_count; i++) {
        const struct entry_line *line = &entry->lines[i];
        if (!money_is_positive(line->amount))
            return false;
        sum += line->side == SIDE_DEBIT ? line->amount.fen : -line->amount.fen;
    }
    return entry->line_count > 0 && sum == 0;
}

struct money entry_net(const struct entry *entry, enum account account) {
    struct money net = MONEY_ZERO;
    for (int32_t i = 0; i < entry->line_count; i++) {
        const struct entry_line *line = &entry->lines[i];
        if (line->account == account)
            net = line->side == SIDE_DEBIT ? money_add(net, line->amount)
                                           : money_subtract(net, line->amount);
    }
    return net;
}

static size_t put_integer(uint8_t *out, size_t at, uint64_t value, size_t width) {
    for (size_t i = 0; i < width; i++)
        out[at + i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    return at + width;
}

size_t entry_bytes(const struct entry *entry, uint8_t *out, size_t room) {
    check(room >= ENTRY_BYTES_MAX);
    size_t at = 0;
    out[at++] = ENTRY_FORMAT_VERSION;
    at = put_integer(out, at, (uint64_t)entry->chain_id, 8);
    at = put_integer(out, at, (uint64_t)entry->sequence, 8);
    at = put_integer(out, at, (uint64_t)(uint32_t)entry->day.number, 4);
    at = put_integer(out, at, (uint64_t)entry->line_count, 2);
    for (int32_t i = 0; i < entry->line_count; i++) {
        const struct entry_line *line = &entry->lines[i];
        const char *code = account_row(line->account)->code;
        for (size_t c = 0; c < CODE_LENGTH; c++)
            out[at++] = (uint8_t)code[c];
        out[at++] = line->side == SIDE_DEBIT ? 'D' : 'C';
        at = put_integer(out, at, (uint64_t)line->amount.fen, 8);
    }
    return at;
}
