/* trade.c: rows of trades and refunds. Exports what trade.h declares. */
#include "sandbox/trade.h"

#include "sandbox/card.h"
#include "sandbox/wechat.h"

#include <string.h>

#define TRADE_COLUMNS                                                                              \
    "SELECT channel, out_no, provider_no, kind, state, code, fingerprint, description, attach,"    \
    " notify_url, payer, card_number, handle, due_code, amount_fen, refunded_fen, created_us,"     \
    " expires_us, due_us, done_us, queries FROM trade "
#define REFUND_COLUMNS                                                                             \
    "SELECT channel, refund_no, provider_no, out_no, state, fingerprint, reason, notify_url,"      \
    " due_state, amount_fen, created_us, due_us, done_us FROM refund "

static struct trade trade_from_row(struct row row) {
    return (struct trade){
        .channel = row.column[0],
        .out_no = row.column[1],
        .provider_no = row.column[2],
        .kind = row.column[3],
        .state = row.column[4],
        .code = row.column[5],
        .fingerprint = row.column[6],
        .description = row.column[7],
        .attach = row.column[8],
        .notify_url = row.column[9],
        .payer = row.column[10],
        .card_number = row.column[11],
        .handle = row.column[12],
        .due_code = row.column[13],
        .amount_fen = row_integer(row, 14),
        .refunded_fen = row_integer(row, 15),
        .created = {row_integer(row, 16)},
        .expires = {row_integer(row, 17)},
        .due = {row_integer(row, 18)},
        .done = {row_integer(row, 19)},
        .queries = row_integer(row, 20),
    };
}

static bool first_trade(struct rows rows, struct trade *out) {
    if (rows.count > 0)
        *out = trade_from_row(rows.at[0]);
    return rows.count > 0;
}

bool trade_load(struct sandbox *sandbox, struct arena *arena, const char *channel,
    const char *out_no, struct trade *out) {
    return first_trade(
        book_rows(sandbox->book, arena, TRADE_COLUMNS "WHERE channel = ?1 AND out_no = ?2", "tt",
            channel, out_no),
        out);
}

bool trade_load_by_provider(
    struct sandbox *sandbox, struct arena *arena, const char *provider_no, struct trade *out) {
    return first_trade(
        book_rows(sandbox->book, arena, TRADE_COLUMNS "WHERE provider_no = ?1", "t", provider_no),
        out);
}

bool trade_load_by_handle(
    struct sandbox *sandbox, struct arena *arena, const char *handle, struct trade *out) {
    return handle[0] != '\0' && first_trade(book_rows(sandbox->book, arena,
                                                TRADE_COLUMNS "WHERE handle = ?1", "t", handle),
                                    out);
}

void trade_insert(struct sandbox *sandbox, const struct trade *trade) {
    book_run(sandbox->book,
        "INSERT INTO trade(channel, out_no, provider_no, kind, state, code, fingerprint,"
        " description, attach, notify_url, payer, card_number, handle, due_code, amount_fen,"
        " refunded_fen, created_us, expires_us, due_us, done_us, queries)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)",
        "ttttttttttttttiiiiiii", trade->channel, trade->out_no, trade->provider_no, trade->kind,
        trade->state, trade->code, trade->fingerprint, trade->description, trade->attach,
        trade->notify_url, trade->payer, trade->card_number, trade->handle, trade->due_code,
        trade->amount_fen, trade->refunded_fen, trade->created.us, trade->expires.us, trade->due.us,
        trade->done.us, trade->queries);
}

void trade_save(struct sandbox *sandbox, const struct trade *trade) {
    book_run(sandbox->book,
        "UPDATE trade SET state = ?3, code = ?4, refunded_fen = ?5, due_us = ?6, due_code = ?7,"
        " done_us = ?8, queries = ?9 WHERE channel = ?1 AND out_no = ?2",
        "ttttiitii", trade->channel, trade->out_no, trade->state, trade->code, trade->refunded_fen,
        trade->due.us, trade->due_code, trade->done.us, trade->queries);
}

static struct refund refund_from_row(struct row row) {
    return (struct refund){
        .channel = row.column[0],
        .refund_no = row.column[1],
        .provider_no = row.column[2],
        .out_no = row.column[3],
        .state = row.column[4],
        .fingerprint = row.column[5],
        .reason = row.column[6],
        .notify_url = row.column[7],
        .due_state = row.column[8],
        .amount_fen = row_integer(row, 9),
        .created = {row_integer(row, 10)},
        .due = {row_integer(row, 11)},
        .done = {row_integer(row, 12)},
    };
}

bool refund_load(struct sandbox *sandbox, struct arena *arena, const char *channel,
    const char *refund_no, struct refund *out) {
    struct rows rows = book_rows(sandbox->book, arena,
        REFUND_COLUMNS "WHERE channel = ?1 AND refund_no = ?2", "tt", channel, refund_no);
    if (rows.count > 0)
        *out = refund_from_row(rows.at[0]);
    return rows.count > 0;
}

void refund_insert(struct sandbox *sandbox, const struct refund *refund) {
    book_run(sandbox->book,
        "INSERT INTO refund(channel, refund_no, provider_no, out_no, state, fingerprint, reason,"
        " notify_url, due_state, amount_fen, created_us, due_us, done_us)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)",
        "tttttttttiiii", refund->channel, refund->refund_no, refund->provider_no, refund->out_no,
        refund->state, refund->fingerprint, refund->reason, refund->notify_url, refund->due_state,
        refund->amount_fen, refund->created.us, refund->due.us, refund->done.us);
}

void refund_save(struct sandbox *sandbox, const struct refund *refund) {
    book_run(sandbox->book,
        "UPDATE refund SET state = ?3, due_us = ?4, done_us = ?5 WHERE channel = ?1 AND"
        " refund_no = ?2",
        "tttii", refund->channel, refund->refund_no, refund->state, refund->due.us,
        refund->done.us);
}

void movement_add(struct sandbox *sandbox, struct instant now, const char *kind,
    const struct trade *trade, const char *refund_no, int64_t amount_fen) {
    book_run(sandbox->book,
        "INSERT INTO movement(channel, kind, out_no, refund_no, card_number, amount_fen, at_us)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7)",
        "tttttii", trade->channel, kind, trade->out_no, refund_no, trade->card_number, amount_fen,
        now.us);
}

void trade_tick(struct sandbox *sandbox, struct instant now) {
    FENQI_ARENA arena = arena_create(8192);
    struct rows trades = book_rows(sandbox->book, arena,
        TRADE_COLUMNS "WHERE due_us > 0 AND due_us <= ?1 ORDER BY due_us", "i", now.us);
    for (size_t i = 0; i < trades.count; i++) {
        struct trade trade = trade_from_row(trades.at[i]);
        card_finish(sandbox, arena, now, &trade);
    }
    struct rows refunds = book_rows(sandbox->book, arena,
        REFUND_COLUMNS "WHERE due_us > 0 AND due_us <= ?1 ORDER BY due_us", "i", now.us);
    for (size_t i = 0; i < refunds.count; i++) {
        struct refund refund = refund_from_row(refunds.at[i]);
        if (strcmp(refund.channel, "wechat") == 0)
            wechat_refund_finish(sandbox, arena, now, &refund);
        else
            card_refund_finish(sandbox, arena, now, &refund);
    }
}
