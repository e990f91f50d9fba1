/* cashier.c: pages for paying. Exports what cashier.h declares. */
#include "sandbox/cashier.h"

#include "sandbox/wechat.h"

#include <string.h>

#define HTML_TYPE "text/html; charset=utf-8"
enum { H5_LIFE_MS = 300000 };

#define MERCHANT_NAME "分期演示商户 Fenqi Demo"

static const char style[] =
    ":root{color-scheme:light dark}"
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:64rem}"
    "main.pay{max-width:26rem;margin:0 auto}h1{font-size:1.5rem;margin:.5rem 0}"
    ".tag{display:inline-block;padding:.1rem .5rem;border:1px solid currentColor;"
    "border-radius:.5rem;font-size:.8rem}"
    ".sum{font-size:2.5rem;font-weight:700;text-align:center;margin:1.5rem 0 .5rem}"
    "dl{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:1rem 0}"
    "dt{opacity:.75}dd{margin:0;text-align:right;overflow-wrap:anywhere}"
    "button,.button{font:inherit;min-height:3rem;padding:0 1rem;border-radius:.6rem;"
    "border:1px solid currentColor;background:transparent;color:inherit;cursor:pointer}"
    ".pay button{width:100%;margin:.4rem 0}"
    "button.main{background:#06792f;border-color:#06792f;color:#fff;font-weight:600}"
    "table{border-collapse:collapse;width:100%;font-size:.85rem}"
    "th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #8886;vertical-align:top}"
    ".wide{overflow-x:auto}td form{display:inline}td button{min-height:2rem;padding:0 .5rem}"
    "label{display:inline-block;margin:.2rem .6rem .2rem 0}input,select{font:inherit;"
    "max-width:100%;min-height:2rem}:focus-visible{outline:3px solid #2563eb;outline-offset:2px}"
    "h2{margin:1.5rem 0 .5rem}small{opacity:.75}";

char *yuan_text(struct arena *arena, int64_t fen) {
    char *digits = arena_printf(arena, "%lld", (long long)(fen < 0 ? -fen : fen) / 100);
    struct builder builder = builder_start(arena, 32);
    if (fen < 0)
        builder_add(&builder, "-");
    for (size_t i = 0, length = strlen(digits); i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            builder_add(&builder, ",");
        builder_add_character(&builder, digits[i]);
    }
    builder_printf(&builder, ".%02d", (int)((fen < 0 ? -fen : fen) % 100));
    return builder_text(&builder);
}

void page_answer(
    struct answer *answer, struct arena *arena, const char *title, const char *content) {
    char *page = arena_printf(arena,
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        "<title>%s</title><style>%s</style></head><body>%s</body></html>",
        html_escape(arena, title), style, content);
    answer_text(answer, 200, HTML_TYPE, page);
    answer_header(answer, "Cache-Control", "no-store");
    answer_header(answer, "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    answer_header(answer, "X-Content-Type-Options", "nosniff");
}

static const char *state_words(const char *state) {
    if (strcmp(state, "SUCCESS") == 0)
        return "支付成功 Paid";
    if (strcmp(state, "REFUND") == 0)
        return "已退款 Refunded";
    if (strcmp(state, "CLOSED") == 0)
        return "订单已关闭 Closed";
    if (strcmp(state, "PAYERROR") == 0)
        return "支付失败 Payment failed";
    return "等待支付 Waiting for payment";
}

static void write_details(struct builder *page, struct arena *arena, const struct trade *trade) {
    builder_printf(page, "<p class=\"sum\">¥%s</p><dl>", yuan_text(arena, trade->amount_fen));
    builder_add(page, "<dt>收款方 Merchant</dt><dd>" MERCHANT_NAME "</dd>");
    builder_printf(page, "<dt>商品 Goods</dt><dd>%s</dd>", html_escape(arena, trade->description));
    builder_printf(page, "<dt>商户单号 Order</dt><dd>%s</dd>", html_escape(arena, trade->out_no));
    builder_printf(page, "<dt>状态 State</dt><dd>%s</dd></dl>", state_words(trade->state));
}

static void write_button(
    struct builder *page, const char *action, const char *words, const char *look) {
    builder_printf(
        page, "<button name=\"action\" value=\"%s\" class=\"%s\">%s</button>", action, look, words);
}

static void show(const struct request *request, const struct trade *trade, const char *redirect_url,
    struct answer *answer) {
    struct arena *arena = request->arena;
    struct builder page = builder_start(arena, 2048);
    bool open = strcmp(trade->state, "NOTPAY") == 0 || strcmp(trade->state, "PAYERROR") == 0;
    builder_add(&page,
        "<main class=\"pay\"><h1>收银台 Cashier</h1><p class=\"tag\">沙箱：不会真的扣款"
        " Sandbox: no real money</p>");
    write_details(&page, arena, trade);
    if (open) {
        builder_printf(&page,
            "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"handle\""
            " value=\"%s\"><input type=\"hidden\" name=\"redirect_url\" value=\"%s\">",
            html_escape(arena, request->path), html_escape(arena, trade->handle),
            html_escape(arena, redirect_url));
        write_button(&page, "pay", "确认支付 Pay", "main");
        write_button(&page, "cancel", "取消 Cancel", "");
        write_button(&page, "fail", "模拟支付失败 Let it fail", "");
        builder_add(&page, "</form>");
    } else if (redirect_url[0] != '\0') {
        builder_printf(&page,
            "<p><a class=\"button\" href=\"%s\">返回商户 Back to merchant</a></p>",
            html_escape(arena, redirect_url));
    }
    builder_add(&page, "</main>");
    page_answer(answer, arena, "收银台 Cashier", builder_text(&page));
}

static bool web_address(const char *url) {
    return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

static void act(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct fields form;
    struct trade trade;
    if (!fields_read(request->arena, request->body, true, &form) ||
        !trade_load_by_handle(sandbox, request->arena, fields_text(&form, "handle"), &trade) ||
        !wechat_trade(sandbox, request->arena, request->now, trade.out_no, &trade)) {
        answer_text(answer, 404, "text/plain; charset=utf-8", "订单不存在 no such order\n");
        return;
    }
    const char *action = fields_text(&form, "action");
    const char *redirect_url = fields_text(&form, "redirect_url");
    if (strcmp(action, "pay") == 0)
        wechat_pay(sandbox, request->arena, request->now, &trade);
    if (strcmp(action, "fail") == 0)
        wechat_fail(sandbox, &trade);
    if (web_address(redirect_url))
        answer_redirect(answer, redirect_url);
    else
        show(request, &trade, "", answer);
}

/* An h5_url lives five minutes from the order call that gave it; `package` says when that was. */
static bool h5_expired(const struct request *request) {
    int64_t given_ms;
    return !integer_read(fields_text(&request->query, "package"), &given_ms) ||
           request->now.us / 1000 - given_ms > H5_LIFE_MS;
}

void cashier_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct trade trade;
    if (strcmp(request->method, "POST") == 0) {
        act(sandbox, request, answer);
        return;
    }
    const char *handle = strcmp(request->path, "/cashier/native") == 0
                             ? fields_text(&request->query, "pr")
                             : fields_text(&request->query, "prepay_id");
    const char *redirect_url = fields_text(&request->query, "redirect_url");
    if (!trade_load_by_handle(sandbox, request->arena, handle, &trade) ||
        !wechat_trade(sandbox, request->arena, request->now, trade.out_no, &trade))
        answer_text(answer, 404, "text/plain; charset=utf-8", "订单不存在 no such order\n");
    else if (strcmp(request->path, "/cashier/h5") == 0 && h5_expired(request))
        answer_text(answer, 410, "text/plain; charset=utf-8",
            "支付链接已过期，请返回商户重新发起 This link has expired; start again at the "
            "merchant\n");
    else
        show(request, &trade, web_address(redirect_url) ? redirect_url : "", answer);
}
