/* control.c: the control interface in JSON. Exports control_handle(). */
#include "sandbox/control.h"

#include "base/json_write.h"
#include "sandbox/card.h"
#include "sandbox/fault_plan.h"
#include "sandbox/test_cards.h"
#include "sandbox/wechat.h"

#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"

static void json_answer(struct answer *answer, int status, struct json *json) {
    answer_text(answer, status, JSON_TYPE, json_text(json));
    answer_header(answer, "Cache-Control", "no-store");
}

static void refuse(
    const struct request *request, struct answer *answer, int status, const char *error) {
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "error", error);
    json_close(&json);
    json_answer(answer, status, &json);
}

/* Done: back to the page for a person, a short JSON for a program. */
static void done(
    const struct request *request, const struct fields *form, int64_t id, struct answer *answer) {
    if (strcmp(fields_text(form, "back"), "1") == 0) {
        answer_redirect(answer, "/control");
        return;
    }
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    json_boolean(&json, "ok", true);
    if (id > 0)
        json_integer(&json, "id", id);
    json_close(&json);
    json_answer(answer, 200, &json);
}

/* Rows as objects: names with a trailing '#' are integers, with '@' instants. */
static void write_rows(struct json *json, struct rows rows, const char *const *names) {
    for (size_t i = 0; i < rows.count; i++) {
        json_open(json, NULL, '{');
        for (size_t j = 0; names[j] != NULL; j++) {
            const char *value = rows.at[i].column[j];
            if (names[j][0] == '#')
                json_integer(json, names[j] + 1, row_integer(rows.at[i], j));
            else if (names[j][0] == '@')
                json_instant(json, names[j] + 1, (struct instant){row_integer(rows.at[i], j)});
            else
                json_string(json, names[j], value);
        }
        json_close(json);
    }
}

static void write_list(
    struct json *json, const char *name, struct rows rows, const char *const *names) {
    json_open(json, name, '[');
    write_rows(json, rows, names);
    json_close(json);
}

/* The book: trades, refunds, movements and their sums. `out_no` "" is all. */
static void book(struct sandbox *sandbox, const struct request *request, const char *out_no,
    struct answer *answer) {
    static const char *const trade_names[] = {"channel", "out_no", "provider_no", "kind", "state",
        "code", "#amount_fen", "#refunded_fen", "card_number", "@created_at", "@done_at", NULL};
    static const char *const refund_names[] = {"channel", "refund_no", "provider_no", "out_no",
        "state", "#amount_fen", "@created_at", "@done_at", NULL};
    static const char *const movement_names[] = {
        "#number", "channel", "kind", "out_no", "refund_no", "#amount_fen", "@at", NULL};
    static const char *const total_names[] = {"channel", "kind", "#count", "#amount_fen", NULL};
    struct arena *arena = request->arena;
    struct book *data = sandbox->book;
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    write_list(&json, "trades",
        book_rows(data, arena,
            "SELECT channel, out_no, provider_no, kind, state, code, amount_fen, refunded_fen,"
            " CASE card_number WHEN '' THEN '' ELSE '****' || substr(card_number, -4) END,"
            " created_us, done_us FROM trade WHERE ?1 = '' OR out_no = ?1 ORDER BY created_us,"
            " out_no",
            "t", out_no),
        trade_names);
    write_list(&json, "refunds",
        book_rows(data, arena,
            "SELECT channel, refund_no, provider_no, out_no, state, amount_fen, created_us,"
            " done_us FROM refund WHERE ?1 = '' OR out_no = ?1 ORDER BY created_us, refund_no",
            "t", out_no),
        refund_names);
    write_list(&json, "movements",
        book_rows(data, arena,
            "SELECT id, channel, kind, out_no, refund_no, amount_fen, at_us FROM movement"
            " WHERE ?1 = '' OR out_no = ?1 ORDER BY id",
            "t", out_no),
        movement_names);
    write_list(&json, "totals",
        book_rows(data, arena,
            "SELECT channel, kind, count(*), sum(amount_fen) FROM movement WHERE ?1 = '' OR"
            " out_no = ?1 GROUP BY channel, kind ORDER BY channel, kind",
            "t", out_no),
        total_names);
    json_close(&json);
    json_answer(answer, 200, &json);
}

static void list(const struct request *request, struct rows rows, const char *const *names,
    struct answer *answer) {
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    write_list(&json, "items", rows, names);
    json_close(&json);
    json_answer(answer, 200, &json);
}

static void get_sms(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    static const char *const names[] = {"#id", "mobile", "code", "purpose", "@sent_at", NULL};
    list(request,
        book_rows(sandbox->book, request->arena,
            "SELECT id, mobile, code, purpose, created_us FROM sms WHERE ?1 = '' OR mobile = ?1"
            " ORDER BY id DESC LIMIT 200",
            "t", fields_text(&request->query, "mobile")),
        names, answer);
}

static void get_faults(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    static const char *const names[] = {"#id", "channel", "operation", "kind", "#remaining",
        "#per_million", "#delay_ms", "code", "outcome", "match", "#hits", NULL};
    list(request,
        book_rows(sandbox->book, request->arena,
            "SELECT id, channel, operation, kind, remaining, per_million, delay_ms, code, outcome,"
            " match, hits FROM fault ORDER BY id",
            ""),
        names, answer);
}

static void get_notifications(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    static const char *const names[] = {"#id", "channel", "event", "event_id", "out_no",
        "refund_no", "url", "forge", "state", "#tries", "#last_status", "@created_at", "@next_at",
        NULL};
    list(request,
        book_rows(sandbox->book, request->arena,
            "SELECT id, channel, event, event_id, out_no, refund_no, url, forge, state, tries,"
            " last_status, created_us, next_us FROM notification WHERE ?1 = '' OR out_no = ?1"
            " ORDER BY id DESC LIMIT 1000",
            "t", fields_text(&request->query, "out_no")),
        names, answer);
}

static void get_cards(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    static const char *const names[] = {"card_number", "#balance_fen", "#attempts", NULL};
    list(request,
        book_rows(sandbox->book, request->arena,
            "SELECT card_number, balance_fen, attempts FROM account ORDER BY card_number", ""),
        names, answer);
}

static void get_agreements(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    static const char *const names[] = {
        "protocol_no", "user_id", "card_number", "mobile", "state", "@created_at", NULL};
    list(request,
        book_rows(sandbox->book, request->arena,
            "SELECT protocol_no, user_id, card_number, mobile, state, created_us FROM agreement"
            " ORDER BY created_us DESC LIMIT 1000",
            ""),
        names, answer);
}

/* pay, fail or close a trade of either channel. */
static void decide(struct sandbox *sandbox, const struct request *request, const char *out_no,
    const char *verb, const struct fields *form, struct answer *answer) {
    struct trade trade;
    struct arena *arena = request->arena;
    const char *code = fields_text(form, "code");
    bool good = false;
    if (wechat_trade(sandbox, arena, request->now, out_no, &trade)) {
        if (strcmp(verb, "pay") == 0)
            good = wechat_pay(sandbox, arena, request->now, &trade);
        else if (strcmp(verb, "fail") == 0)
            good = wechat_fail(sandbox, &trade);
        else if (strcmp(verb, "close") == 0 && trade.done.us == 0) {
            trade.state = "CLOSED";
            trade_save(sandbox, &trade);
            good = true;
        }
    } else if (trade_load(sandbox, arena, "card", out_no, &trade)) {
        if (strcmp(verb, "pay") == 0)
            good = card_decide(sandbox, arena, request->now, &trade, "0000");
        else if (strcmp(verb, "fail") == 0)
            good = card_decide(
                sandbox, arena, request->now, &trade, code[0] == '\0' ? "BF00108" : code);
    } else {
        refuse(request, answer, 404, "no such trade");
        return;
    }
    if (good)
        done(request, form, 0, answer);
    else
        refuse(request, answer, 409, "the trade is not in a state for this");
}

static int64_t number_or(const struct fields *form, const char *name, int64_t otherwise) {
    int64_t value;
    return integer_read(fields_text(form, name), &value) ? value : otherwise;
}

static void add_fault(struct sandbox *sandbox, const struct request *request,
    const struct fields *form, struct answer *answer) {
    enum trouble trouble;
    const char *channel = fields_text(form, "channel");
    if (!trouble_from_name(fields_text(form, "kind"), &trouble)) {
        refuse(request, answer, 400, "unknown kind");
        return;
    }
    if (channel[0] != '\0' && strcmp(channel, "wechat") != 0 && strcmp(channel, "card") != 0) {
        refuse(request, answer, 400, "channel is wechat, card or empty");
        return;
    }
    struct rows rows = book_rows(sandbox->book, request->arena,
        "INSERT INTO fault(channel, operation, kind, remaining, per_million, delay_ms, code,"
        " outcome, match, hits) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,0) RETURNING id",
        "tttiiittt", channel, fields_text(form, "operation"), trouble_name(trouble),
        number_or(form, "count", 1), number_or(form, "per_million", 1000000),
        number_or(form, "delay_ms", 0), fields_text(form, "code"), fields_text(form, "outcome"),
        fields_text(form, "match"));
    done(request, form, row_integer(rows.at[0], 0), answer);
}

static void set_balance(struct sandbox *sandbox, const struct request *request, const char *number,
    const struct fields *form, struct answer *answer) {
    int64_t amount_fen;
    if (!card_number_valid(number) || !integer_read(fields_text(form, "amount_fen"), &amount_fen)) {
        refuse(request, answer, 400, "card number or amount_fen");
        return;
    }
    card_balance(sandbox, request->arena, number);
    book_run(sandbox->book, "UPDATE account SET balance_fen = ?2 WHERE card_number = ?1", "ti",
        number, amount_fen);
    done(request, form, 0, answer);
}

/* One line of the control interface for POST: /control/NOUN/KEY/VERB. */
static void post(struct sandbox *sandbox, const struct request *request, const char *noun,
    const char *key, const char *verb, struct answer *answer) {
    struct fields form;
    if (!fields_read(request->arena, request->body, true, &form)) {
        refuse(request, answer, 400, "the body is not a form");
        return;
    }
    int64_t changed = -1;
    if (strcmp(noun, "trades") == 0) {
        decide(sandbox, request, key, verb, &form, answer);
        return;
    }
    if (strcmp(noun, "cards") == 0 && strcmp(verb, "balance") == 0) {
        set_balance(sandbox, request, key, &form, answer);
        return;
    }
    if (strcmp(noun, "faults") == 0 && key[0] == '\0') {
        add_fault(sandbox, request, &form, answer);
        return;
    }
    if (strcmp(noun, "faults") == 0 && strcmp(key, "clear") == 0) {
        book_run(sandbox->book, "DELETE FROM fault", "");
        changed = 1;
    } else if (strcmp(noun, "faults") == 0 && strcmp(verb, "delete") == 0) {
        changed = book_run(sandbox->book, "DELETE FROM fault WHERE id = ?1", "t", key);
    } else if (strcmp(noun, "agreements") == 0 && strcmp(verb, "cancel") == 0) {
        changed = book_run(sandbox->book,
            "UPDATE agreement SET state = 'CANCELLED' WHERE protocol_no = ?1", "t", key);
    } else if (strcmp(noun, "notifications") == 0 && strcmp(key, "send") == 0) {
        book_run(sandbox->book,
            "UPDATE notification SET next_us = ?1, state = 'waiting' WHERE state IN ('waiting',"
            " 'held')",
            "i", request->now.us);
        changed = 1;
    } else if (strcmp(noun, "notifications") == 0 && strcmp(verb, "resend") == 0) {
        changed = book_run(sandbox->book,
            "UPDATE notification SET next_us = ?2, state = 'waiting' WHERE id = ?1", "ti", key,
            request->now.us);
    }
    if (changed > 0)
        done(request, &form, 0, answer);
    else
        refuse(request, answer, 404, "nothing there");
}

static void get(struct sandbox *sandbox, const struct request *request, const char *noun,
    const char *key, struct answer *answer) {
    if (noun[0] == '\0')
        control_page(sandbox, request, answer);
    else if (strcmp(noun, "book") == 0)
        book(sandbox, request, fields_text(&request->query, "out_no"), answer);
    else if (strcmp(noun, "trades") == 0)
        book(sandbox, request, key, answer);
    else if (strcmp(noun, "sms") == 0)
        get_sms(sandbox, request, answer);
    else if (strcmp(noun, "faults") == 0)
        get_faults(sandbox, request, answer);
    else if (strcmp(noun, "notifications") == 0)
        get_notifications(sandbox, request, answer);
    else if (strcmp(noun, "cards") == 0)
        get_cards(sandbox, request, answer);
    else if (strcmp(noun, "agreements") == 0)
        get_agreements(sandbox, request, answer);
    else
        refuse(request, answer, 404, "nothing there");
}

/* The path's next piece; *at moves behind it. */
static char *piece(struct arena *arena, const char **at) {
    while (**at == '/')
        (*at)++;
    size_t length = strcspn(*at, "/");
    char *text = arena_text_n(arena, *at, length);
    *at += length;
    return text;
}

/* Whether a browser sends this from a page of another origin: such a POST is not obeyed. */
static bool foreign_origin(const struct request *request) {
    const char *origin = request_header(request, "Origin");
    const char *host = request_header(request, "Host");
    if (origin == NULL || host == NULL)
        return origin != NULL;
    return strcmp(origin, arena_printf(request->arena, "http://%s", host)) != 0;
}

void control_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    const char *at = request->path + strlen("/control");
    char *noun = piece(request->arena, &at);
    char *key = piece(request->arena, &at);
    char *verb = piece(request->arena, &at);
    if (strcmp(request->method, "GET") == 0)
        get(sandbox, request, noun, key, answer);
    else if (foreign_origin(request))
        refuse(request, answer, 403, "foreign origin");
    else
        post(sandbox, request, noun, key, verb, answer);
}
