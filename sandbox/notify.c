/* notify.c: queue and retry plan. Exports what notify.h and the queue part of sandbox.h declare. */
#include "sandbox/notify.h"

#include "sandbox/card.h"
#include "sandbox/fault_plan.h"
#include "sandbox/wechat.h"

#include <string.h>

static const int32_t wechat_plan[] = {
    15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600};
static const int32_t card_plan[] = {60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400};
static const int32_t card_refund_plan[] = {1200, 1200, 1200, 1200};

#define PLAN_LENGTH(plan) ((int64_t)(sizeof(plan) / sizeof((plan)[0])))

/* LEASE_MS: longer than the sender waits for an answer. */
enum { HELD_MS = 60000, DELAY_DEFAULT_MS = 3000, LEASE_MS = 7000 };

static void insert(struct sandbox *sandbox, const char *const texts[6], const char *payload,
    const char *forge, const char *state, struct instant now, struct instant next) {
    book_run(sandbox->book,
        "INSERT INTO notification(channel, event, event_id, out_no, refund_no, url, payload,"
        " forge, state, next_us, tries, last_status, created_us)"
        " VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,0,0,?11)",
        "tttttttttii", texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], payload, forge,
        state, next.us, now.us);
}

/* The mark of a forgery that precedes the true one; NULL when the trouble is none. */
static const char *forgery(enum trouble trouble) {
    if (trouble == TROUBLE_NOTIFY_FORGED_SIGNATURE)
        return "signature";
    if (trouble == TROUBLE_NOTIFY_FORGED_AMOUNT)
        return "amount";
    if (trouble == TROUBLE_NOTIFY_FORGED_MERCHANT)
        return "merchant";
    if (trouble == TROUBLE_NOTIFY_STALE)
        return "stale";
    return trouble == TROUBLE_NOTIFY_TRUNCATED ? "truncated" : NULL;
}

static char *event_uuid(struct arena *arena) {
    uint8_t raw[16];
    random_fill(raw, sizeof raw);
    char *hex = hex_encode(arena, (struct bytes){raw, sizeof raw});
    return arena_printf(
        arena, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void notification_add(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *channel, const char *event, const char *out_no, const char *refund_no,
    const char *url, const char *payload) {
    if (url[0] == '\0')
        return;
    const char *texts[6] = {channel, event, event_uuid(arena), out_no, refund_no, url};
    const char *operation = refund_no[0] == '\0' ? "pay" : "refund";
    const char *state = "waiting";
    struct instant next = now;
    int copies = 1;
    struct trouble_rule rule = {.id = 0};
    while (trouble_take(sandbox, arena, PHASE_NOTIFY, channel, operation, out_no, rule.id, &rule)) {
        const char *forge = forgery(rule.trouble);
        if (forge != NULL)
            insert(sandbox, texts, payload, forge, "waiting", now, now);
        if (rule.trouble == TROUBLE_NOTIFY_LOST)
            state = "lost";
        if (rule.trouble == TROUBLE_NOTIFY_DUPLICATE)
            copies++;
        if (rule.trouble == TROUBLE_NOTIFY_DELAY)
            next.us += (rule.delay_ms > 0 ? rule.delay_ms : DELAY_DEFAULT_MS) * 1000;
        if (rule.trouble == TROUBLE_NOTIFY_REORDER) {
            state = "held";
            next.us += (rule.delay_ms > 0 ? rule.delay_ms : HELD_MS) * 1000;
        }
    }
    for (int i = 0; i < copies; i++)
        insert(sandbox, texts, payload, "", state, now, next);
}

bool sandbox_next_notification(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct outgoing *out) {
    book_begin(sandbox->book);
    struct rows rows = book_rows(sandbox->book, arena,
        "UPDATE notification SET next_us = ?1 + ?2 WHERE id = (SELECT id FROM notification AS n"
        " WHERE state IN ('waiting', 'held') AND next_us <= ?1 AND NOT EXISTS (SELECT 1 FROM"
        " notification AS earlier WHERE earlier.out_no = n.out_no AND earlier.id < n.id AND"
        " earlier.forge <> '' AND earlier.state = 'waiting') ORDER BY next_us, id LIMIT 1)"
        " RETURNING id, channel, event, event_id, url, payload, forge, created_us",
        "ii", now.us, (int64_t)LEASE_MS * 1000);
    book_commit(sandbox->book);
    if (rows.count == 0)
        return false;
    const char *const *column = rows.at[0].column;
    *out = (struct outgoing){.id = row_integer(rows.at[0], 0), .url = column[4]};
    if (strcmp(column[1], "wechat") == 0)
        wechat_notification(sandbox, arena, now, column[3], column[2], column[5], column[6],
            (struct instant){row_integer(rows.at[0], 7)}, out);
    else
        card_notification(sandbox, arena, column[2], column[5], column[6], out);
    return true;
}

/* The gap after `tries` sendings in seconds; 0 when the provider gives up. */
static int64_t gap_seconds(const char *channel, const char *event, int64_t tries) {
    if (strcmp(channel, "wechat") == 0)
        return tries <= PLAN_LENGTH(wechat_plan) ? wechat_plan[tries - 1] : 0;
    if (strcmp(event, "refund") == 0)
        return tries <= PLAN_LENGTH(card_refund_plan) ? card_refund_plan[tries - 1] : 0;
    return tries <= PLAN_LENGTH(card_plan) ? card_plan[tries - 1] : 0;
}

static bool accepted(const char *channel, int status, struct bytes body) {
    if (strcmp(channel, "wechat") == 0)
        return status == 200 || status == 204;
    return status == 200 && bytes_equal(body, bytes_of_text("OK"));
}

void sandbox_notified(
    struct sandbox *sandbox, struct instant now, int64_t id, int status, struct bytes body) {
    FENQI_ARENA arena = arena_create(4096);
    book_begin(sandbox->book);
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT channel, event, tries, forge FROM notification WHERE id = ?1", "i", id);
    if (rows.count == 1) {
        const char *channel = rows.at[0].column[0];
        int64_t tries = row_integer(rows.at[0], 2) + 1;
        bool good = accepted(channel, status, body);
        int64_t gap = gap_seconds(channel, rows.at[0].column[1], tries);
        bool forged = rows.at[0].column[3][0] != '\0';
        const char *state = good       ? "delivered"
                            : forged   ? "refused"
                            : gap == 0 ? "given_up"
                                       : "waiting";
        int64_t wait_us = gap * sandbox->options.notify_scale_ppm;
        book_run(sandbox->book,
            "UPDATE notification SET state = ?2, tries = ?3, last_status = ?4, next_us = ?5"
            " WHERE id = ?1",
            "itiii", id, state, tries, (int64_t)status, now.us + wait_us);
        if (good && !forged)
            book_run(sandbox->book,
                "UPDATE notification SET next_us = ?2, state = 'waiting' WHERE channel = ?1 AND"
                " state = 'held'",
                "ti", channel, now.us);
    }
    book_commit(sandbox->book);
}

struct instant sandbox_next_wake(struct sandbox *sandbox) {
    FENQI_ARENA arena = arena_create(2048);
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT min(at) FROM (SELECT min(next_us) AS at FROM notification WHERE state IN"
        " ('waiting', 'held') UNION ALL SELECT min(due_us) FROM trade WHERE due_us > 0 UNION ALL"
        " SELECT min(due_us) FROM refund WHERE due_us > 0)",
        "");
    bool none = rows.count == 0 || rows.at[0].column[0][0] == '\0';
    return (struct instant){none ? INT64_MAX : row_integer(rows.at[0], 0)};
}
