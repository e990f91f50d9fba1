/*
 * card_refund.c: refunds at the acquirer (txn_type 331). Exports card_refund_handle() and
 * card_refund_finish().
 *
 * Answer 0000 of an application means accepted; of a query it means refunded. The notification is
 * repeated every 20 minutes, five times.
 */
#include "sandbox/card.h"

#include "base/json_write.h"
#include "sandbox/fault_plan.h"
#include "sandbox/notify.h"
#include "sandbox/tree.h"
#include "sandbox/wechat.h"

#include <stdlib.h>
#include <string.h>

enum { REFUND_TAKES_MS = 200 };

/* The body of an answer: JSON under the acquirer's private key. */
static void seal_answer(struct sandbox *sandbox, const struct request *request, const char *json,
    struct answer *answer) {
    struct arena *arena = request->arena;
    char *text = base64_encode(arena, bytes_of_text(json));
    struct bytes sealed = rsa_private_blocks(arena, sandbox->keys.acquirer, bytes_of_text(text));
    char *hex = hex_encode(arena, sealed);
    if (answer->forge_signature)
        hex[9] = hex[9] == '0' ? '1' : '0';
    answer_text(answer, 200, "text/html;charset=UTF-8", hex);
}

static void reply(struct sandbox *sandbox, const struct request *request, const struct fields *form,
    const char *refund_no, const char *code, const char *message, const struct refund *refund,
    struct answer *answer) {
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "resp_code", code);
    json_string(&json, "resp_msg", message);
    json_string(&json, "member_id", sandbox->keys.member_id);
    json_string(&json, "terminal_id", sandbox->keys.terminal_id);
    json_string(&json, "data_type", "json");
    json_string(&json, "txn_type", "331");
    json_string(&json, "txn_sub_type", fields_text(form, "txn_sub_type"));
    json_string(&json, "version", "4.0.0.0");
    json_string(&json, "refund_order_no", refund_no);
    if (refund != NULL) {
        json_string(&json, "refund_business_no", refund->provider_no);
        json_string(&json, "refund_amt",
            arena_printf(request->arena, "%lld", (long long)refund->amount_fen));
    }
    json_close(&json);
    seal_answer(sandbox, request, json_text(&json), answer);
}

static const char *text_or_empty(const struct tree *body, const char *name) {
    const char *text = tree_text(body, name);
    return text == NULL ? "" : text;
}

/* The code with which an application that is not a repetition is refused; NULL when it is not. */
static const char *refusal(
    const struct tree *body, bool found, const struct trade *trade, int64_t amount_fen) {
    if (strcmp(text_or_empty(body, "refund_type"), "8") != 0 ||
        !merchant_number_valid(text_or_empty(body, "refund_order_no"), "", 8, 50) ||
        strlen(text_or_empty(body, "refund_time")) != 14 ||
        text_or_empty(body, "trans_serial_no")[0] == '\0')
        return "BF00121";
    if (!found)
        return "BF00128";
    if (strcmp(trade->state, "S") != 0)
        return "BF00251";
    if (amount_fen < 1 || amount_fen > trade->amount_fen - trade->refunded_fen)
        return "BF00135";
    return NULL;
}

static void apply(struct sandbox *sandbox, const struct request *request, const struct fields *form,
    const struct tree *body, struct answer *answer) {
    struct arena *arena = request->arena;
    const char *refund_no = text_or_empty(body, "refund_order_no");
    struct trade trade;
    struct refund refund;
    struct trouble_rule rule;
    int64_t amount_fen = 0;
    integer_read(text_or_empty(body, "refund_amt"), &amount_fen);
    bool found = trade_load(sandbox, arena, "card", text_or_empty(body, "trans_id"), &trade);
    const char *fingerprint =
        arena_printf(arena, "%s %lld", text_or_empty(body, "trans_id"), (long long)amount_fen);
    if (refund_load(sandbox, arena, "card", refund_no, &refund)) {
        bool same = strcmp(refund.fingerprint, fingerprint) == 0;
        reply(sandbox, request, form, refund_no, same ? "0000" : "BF00131",
            card_message(same ? "BF00203" : "BF00131"), same ? &refund : NULL, answer);
        return;
    }
    const char *code = refusal(body, found, &trade, amount_fen);
    if (code != NULL) {
        reply(sandbox, request, form, refund_no, code, card_message(code), NULL, answer);
        return;
    }
    bool fails =
        trouble_take(sandbox, arena, PHASE_REFUND, "card", "refund", trade.out_no, 0, &rule);
    int64_t delay_ms = fails && rule.delay_ms > 0 ? rule.delay_ms : REFUND_TAKES_MS;
    refund = (struct refund){
        .channel = "card",
        .refund_no = refund_no,
        .provider_no =
            arena_printf(arena, "59%013lld", (long long)book_next(sandbox->book, "card_refund")),
        .out_no = trade.out_no,
        .state = "PROCESSING",
        .fingerprint = fingerprint,
        .reason = text_or_empty(body, "refund_reason"),
        .notify_url = text_or_empty(body, "notice_url"),
        .amount_fen = amount_fen,
        .created = request->now,
        .due = {request->now.us + delay_ms * 1000},
        .due_state = fails ? "CLOSED" : "SUCCESS",
    };
    refund_insert(sandbox, &refund);
    trade.refunded_fen += amount_fen;
    trade_save(sandbox, &trade);
    reply(sandbox, request, form, refund_no, "0000", card_message("BF00203"), &refund, answer);
}

static void query(struct sandbox *sandbox, const struct request *request, const struct fields *form,
    const struct tree *body, struct answer *answer) {
    const char *refund_no = text_or_empty(body, "refund_order_no");
    struct refund refund;
    if (!refund_load(sandbox, request->arena, "card", refund_no, &refund))
        reply(sandbox, request, form, refund_no, "BF00128", card_message("BF00128"), NULL, answer);
    else if (strcmp(refund.state, "SUCCESS") == 0)
        reply(sandbox, request, form, refund_no, "0000", "退款成功", &refund, answer);
    else if (strcmp(refund.state, "CLOSED") == 0)
        reply(
            sandbox, request, form, refund_no, "BF00111", card_message("BF00111"), &refund, answer);
    else
        reply(
            sandbox, request, form, refund_no, "BF00115", card_message("BF00115"), &refund, answer);
}

/* Opens data_content; NULL when it was not made with the merchant's key. */
static struct tree *read_content(
    struct sandbox *sandbox, struct arena *arena, const struct fields *form) {
    const char *content = fields_text(form, "data_content");
    struct bytes sealed;
    struct bytes text;
    struct bytes plain;
    if (strcmp(fields_text(form, "data_type"), "json") != 0 ||
        !hex_decode(arena, content, strlen(content), &sealed) ||
        !rsa_public_blocks(arena, sandbox->keys.card_merchant, sealed, &text) ||
        !base64_decode(arena, (const char *)text.at, text.length, &plain))
        return NULL;
    return tree_read(plain);
}

void card_refund_handle(
    struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct fields form;
    const char *code = NULL;
    if (!fields_read(request->arena, request->body, true, &form))
        code = "BF00120";
    SANDBOX_TREE body = code == NULL ? read_content(sandbox, request->arena, &form) : NULL;
    const char *sub = fields_text(&form, "txn_sub_type");
    if (body == NULL)
        code = code == NULL ? "BF00118" : code;
    else if (strcmp(text_or_empty(body, "member_id"), sandbox->keys.member_id) != 0 ||
             strcmp(fields_text(&form, "member_id"), sandbox->keys.member_id) != 0)
        code = "BF00123";
    else if (strcmp(text_or_empty(body, "terminal_id"), sandbox->keys.terminal_id) != 0)
        code = "BF00116";
    else if (strcmp(text_or_empty(body, "txn_sub_type"), sub) != 0)
        code = "BF00129";
    if (code != NULL)
        reply(sandbox, request, &form, "", code, card_message(code), NULL, answer);
    else if (strcmp(sub, "09") == 0)
        apply(sandbox, request, &form, body, answer);
    else if (strcmp(sub, "10") == 0)
        query(sandbox, request, &form, body, answer);
    else
        reply(sandbox, request, &form, "", "BF00436", card_message("BF00436"), NULL, answer);
}

void card_refund_finish(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct refund *refund) {
    struct trade trade;
    if (!trade_load(sandbox, arena, "card", refund->out_no, &trade))
        return;
    bool done = strcmp(refund->due_state, "SUCCESS") == 0;
    refund->state = refund->due_state;
    refund->due = (struct instant){0};
    refund->done = now;
    refund_save(sandbox, refund);
    if (done) {
        card_balance(sandbox, arena, trade.card_number);
        book_run(sandbox->book,
            "UPDATE account SET balance_fen = balance_fen + ?2 WHERE card_number = ?1", "ti",
            trade.card_number, refund->amount_fen);
        movement_add(sandbox, now, "refund", &trade, refund->refund_no, -refund->amount_fen);
    } else {
        trade.refunded_fen -= refund->amount_fen;
        trade_save(sandbox, &trade);
    }
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "member_id", sandbox->keys.member_id);
    json_string(&json, "terminal_id", sandbox->keys.terminal_id);
    json_string(&json, "refund_order_no", refund->refund_no);
    json_string(&json, "refund_business_no", refund->provider_no);
    json_string(&json, "refund_amt",
        arena_printf(arena, "%lld", (long long)(done ? refund->amount_fen : 0)));
    json_string(&json, "resp_code", done ? "0000" : "BF00111");
    json_string(&json, "resp_msg", done ? "退款成功" : card_message("BF00111"));
    json_close(&json);
    struct fields payload = {0};
    fields_set(&payload, "data", json_text(&json));
    notification_add(sandbox, arena, now, "card", "refund", refund->out_no, refund->refund_no,
        refund->notify_url, card_form(arena, &payload, true));
}
