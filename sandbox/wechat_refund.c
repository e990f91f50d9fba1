/* wechat_refund.c: refunds of WeChat Pay. Exports wechat_refund(), _query() and _finish(). */
#include "base/json_write.h"
#include "sandbox/fault_plan.h"
#include "sandbox/notify.h"
#include "sandbox/tree.h"
#include "sandbox/wechat.h"

#include <string.h>

#define JSON_TYPE "application/json; charset=utf-8"
#define ACCOUNT "支付用户零钱"

enum { REFUNDS_PER_TRADE_MAX = 50, REFUND_TAKES_MS = 200 };

static void write_amount(
    struct json *json, const struct trade *trade, const struct refund *refund) {
    json_open(json, "amount", '{');
    json_integer(json, "total", trade->amount_fen);
    json_integer(json, "refund", refund->amount_fen);
    json_integer(json, "payer_total", trade->amount_fen);
    json_integer(json, "payer_refund", refund->amount_fen);
    json_integer(json, "settlement_refund", refund->amount_fen);
    json_integer(json, "settlement_total", trade->amount_fen);
    json_integer(json, "discount_refund", 0);
    json_string(json, "currency", "CNY");
    json_close(json);
}

static void refund_answer(const struct request *request, const struct trade *trade,
    const struct refund *refund, struct answer *answer) {
    struct json json = json_start(request->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "refund_id", refund->provider_no);
    json_string(&json, "out_refund_no", refund->refund_no);
    json_string(&json, "transaction_id", trade->provider_no);
    json_string(&json, "out_trade_no", trade->out_no);
    json_string(&json, "channel", "ORIGINAL");
    json_string(&json, "user_received_account", ACCOUNT);
    if (strcmp(refund->state, "SUCCESS") == 0)
        json_string(&json, "success_time", instant_offset(request->arena, refund->done));
    json_string(&json, "create_time", instant_offset(request->arena, refund->created));
    json_string(&json, "status", refund->state);
    json_string(&json, "funds_account", "AVAILABLE");
    write_amount(&json, trade, refund);
    json_close(&json);
    answer_text(answer, 200, JSON_TYPE, json_text(&json));
}

static int64_t refund_count(struct sandbox *sandbox, struct arena *arena, const char *out_no) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT count(*) FROM refund WHERE channel = 'wechat' AND out_no = ?1", "t", out_no);
    return row_integer(rows.at[0], 0);
}

/* How an accepted refund will end. */
static const char *planned_end(
    struct sandbox *sandbox, struct arena *arena, const char *out_no, int64_t *delay_ms) {
    struct trouble_rule rule;
    *delay_ms = REFUND_TAKES_MS;
    if (!trouble_take(sandbox, arena, PHASE_REFUND, "wechat", "refund", out_no, 0, &rule))
        return "SUCCESS";
    if (rule.delay_ms > 0)
        *delay_ms = rule.delay_ms;
    return rule.trouble == TROUBLE_REFUND_CLOSED ? "CLOSED" : "ABNORMAL";
}

static void accept_refund(struct sandbox *sandbox, const struct request *request,
    const struct tree *body, const char *fingerprint, struct trade *trade, int64_t amount_fen,
    struct answer *answer) {
    struct arena *arena = request->arena;
    const char *reason = tree_text(body, "reason");
    const char *notify_url = tree_text(body, "notify_url");
    int64_t delay_ms;
    const char *end = planned_end(sandbox, arena, trade->out_no, &delay_ms);
    char *day = instant_plain(arena, request->now);
    struct refund refund = {
        .channel = "wechat",
        .refund_no = tree_text(body, "out_refund_no"),
        .provider_no = arena_printf(arena, "5030%.4s%.2s%.2s%016lld", day, day + 5, day + 8,
            (long long)book_next(sandbox->book, "refund")),
        .out_no = trade->out_no,
        .state = "PROCESSING",
        .fingerprint = fingerprint,
        .reason = reason == NULL ? "" : reason,
        .notify_url = notify_url == NULL ? "" : notify_url,
        .amount_fen = amount_fen,
        .created = request->now,
        .due = {request->now.us + delay_ms * 1000},
        .due_state = end,
    };
    refund_insert(sandbox, &refund);
    trade->refunded_fen += amount_fen;
    trade->state = "REFUND";
    trade_save(sandbox, trade);
    refund_answer(request, trade, &refund, answer);
}

/* Checks an application that is not a repetition; NULL when it may be accepted. */
static const char *refund_complaint(struct sandbox *sandbox, const struct request *request,
    const struct trade *trade, int64_t refund_fen, int64_t total_fen) {
    if (trade->done.us == 0)
        return "订单未支付，不可退款";
    if (total_fen != trade->amount_fen)
        return "订单金额或退款金额与之前请求不一致，请核实后再试";
    if (refund_fen < 1 || refund_fen > trade->amount_fen - trade->refunded_fen)
        return "申请退款金额大于订单可退金额";
    if (refund_count(sandbox, request->arena, trade->out_no) >= REFUNDS_PER_TRADE_MAX)
        return "部分退款次数超过限制";
    return NULL;
}

void wechat_refund(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct arena *arena = request->arena;
    SANDBOX_TREE body = tree_read(request->body);
    int64_t refund_fen = 0;
    int64_t total_fen = 0;
    struct trade trade;
    struct refund earlier;
    const char *refund_no = body == NULL ? NULL : tree_text(body, "out_refund_no");
    const char *currency = body == NULL ? NULL : tree_text(body, "amount.currency");
    if (!merchant_number_valid(refund_no, "_-|*@", 1, 64) ||
        !tree_integer(body, "amount.refund", &refund_fen) ||
        !tree_integer(body, "amount.total", &total_fen) || currency == NULL ||
        strcmp(currency, "CNY") != 0) {
        wechat_error(request, answer, 400, "PARAM_ERROR", "退款参数错误", "268435461");
        return;
    }
    const char *out_no = tree_text(body, "out_trade_no");
    const char *provider_no = tree_text(body, "transaction_id");
    bool found = provider_no != NULL
                     ? trade_load_by_provider(sandbox, arena, provider_no, &trade)
                     : out_no != NULL && wechat_trade(sandbox, arena, request->now, out_no, &trade);
    if (!found || strcmp(trade.channel, "wechat") != 0) {
        wechat_error(request, answer, 404, "RESOURCE_NOT_EXISTS", "订单号不存在", "268512771");
        return;
    }
    const char *fingerprint = arena_printf(
        arena, "%s %lld %lld", trade.out_no, (long long)refund_fen, (long long)total_fen);
    if (refund_load(sandbox, arena, "wechat", refund_no, &earlier)) {
        if (strcmp(earlier.fingerprint, fingerprint) == 0)
            refund_answer(request, &trade, &earlier, answer);
        else
            wechat_error(request, answer, 400, "INVALID_REQUEST",
                "订单金额或退款金额与之前请求不一致，请核实后再试", "268498688");
        return;
    }
    const char *complaint = refund_complaint(sandbox, request, &trade, refund_fen, total_fen);
    if (complaint != NULL)
        wechat_error(request, answer, 400, "INVALID_REQUEST", complaint, "268435461");
    else
        accept_refund(sandbox, request, body, fingerprint, &trade, refund_fen, answer);
}

void wechat_refund_query(struct sandbox *sandbox, const struct request *request,
    const char *refund_no, struct answer *answer) {
    struct trade trade;
    struct refund refund;
    if (!refund_load(sandbox, request->arena, "wechat", refund_no, &refund) ||
        !trade_load(sandbox, request->arena, "wechat", refund.out_no, &trade)) {
        wechat_error(request, answer, 404, "RESOURCE_NOT_EXISTS", "退款单不存在", "268512771");
        return;
    }
    refund_answer(request, &trade, &refund, answer);
}

static char *refund_payload(struct sandbox *sandbox, struct arena *arena, const struct trade *trade,
    const struct refund *refund) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_string(&json, "mchid", sandbox->keys.mchid);
    json_string(&json, "transaction_id", trade->provider_no);
    json_string(&json, "out_trade_no", trade->out_no);
    json_string(&json, "refund_id", refund->provider_no);
    json_string(&json, "out_refund_no", refund->refund_no);
    json_string(&json, "refund_status", refund->state);
    if (strcmp(refund->state, "SUCCESS") == 0)
        json_string(&json, "success_time", instant_offset(arena, refund->done));
    json_string(&json, "user_received_account", ACCOUNT);
    json_open(&json, "amount", '{');
    json_integer(&json, "total", trade->amount_fen);
    json_integer(&json, "refund", refund->amount_fen);
    json_integer(&json, "payer_total", trade->amount_fen);
    json_integer(&json, "payer_refund", refund->amount_fen);
    json_close(&json);
    json_close(&json);
    return json_text(&json);
}

void wechat_refund_finish(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct refund *refund) {
    struct trade trade;
    if (!trade_load(sandbox, arena, "wechat", refund->out_no, &trade))
        return;
    refund->state = refund->due_state;
    refund->due = (struct instant){0};
    refund->done = now;
    refund_save(sandbox, refund);
    if (strcmp(refund->state, "SUCCESS") == 0) {
        movement_add(sandbox, now, "refund", &trade, refund->refund_no, -refund->amount_fen);
    } else if (strcmp(refund->state, "CLOSED") == 0) {
        trade.refunded_fen -= refund->amount_fen;
        trade_save(sandbox, &trade);
    }
    notification_add(sandbox, arena, now, "wechat", arena_printf(arena, "REFUND.%s", refund->state),
        refund->out_no, refund->refund_no, refund->notify_url,
        refund_payload(sandbox, arena, &trade, refund));
}
