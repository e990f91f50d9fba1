/* control_page.c: the control page for people. Exports control_page(). */
#include "sandbox/cashier.h"
#include "sandbox/control.h"
#include "sandbox/fault_plan.h"
#include "sandbox/test_cards.h"

#include <string.h>

static void button(
    struct builder *page, struct arena *arena, const char *action, const char *words) {
    builder_printf(page,
        "<form method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"back\" value=\"1\">"
        "<button>%s</button></form> ",
        html_escape(arena, action), words);
}

static void heading(struct builder *page, const char *words, const char *columns) {
    builder_printf(page, "<h2>%s</h2><div class=\"wide\"><table><thead><tr>%s</tr></thead><tbody>",
        words, columns);
}

static void finish(struct builder *page) {
    builder_add(page, "</tbody></table></div>");
}

static void cells(struct builder *page, struct arena *arena, struct row row, size_t count) {
    for (size_t i = 0; i < count; i++)
        builder_printf(page, "<td>%s</td>", html_escape(arena, row.column[i]));
}

static void trades(struct sandbox *sandbox, struct arena *arena, struct builder *page) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT channel, out_no, kind, state, code, handle, amount_fen, refunded_fen, created_us"
        " FROM trade ORDER BY created_us DESC LIMIT 100",
        "");
    heading(page, "交易 Trades",
        "<th>渠道 Channel</th><th>商户单号 Number</th><th>类型 Kind</th><th>状态 State</th><th>代码"
        " Code</th><th>金额 Amount</th><th>已退 Refunded</th><th>时间 Time</th><th></th>");
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *column = rows.at[i].column;
        bool wechat = strcmp(column[0], "wechat") == 0;
        bool open = strcmp(column[3], wechat ? "NOTPAY" : "I") == 0;
        builder_add(page, "<tr>");
        cells(page, arena, rows.at[i], 5);
        builder_printf(page, "<td>%s</td><td>%s</td><td>%s</td><td>",
            yuan_text(arena, row_integer(rows.at[i], 6)),
            yuan_text(arena, row_integer(rows.at[i], 7)),
            instant_plain(arena, (struct instant){row_integer(rows.at[i], 8)}));
        if (open) {
            char *base = arena_printf(arena, "/control/trades/%s", column[1]);
            button(page, arena, arena_printf(arena, "%s/pay", base), "付款 pay");
            button(page, arena, arena_printf(arena, "%s/fail", base), "失败 fail");
        }
        if (open && wechat) {
            button(page, arena, arena_printf(arena, "/control/trades/%s/close", column[1]),
                "关闭 close");
            builder_printf(page, "<a href=\"/cashier/%s=%s\">扫码 scan</a>",
                strcmp(column[2], "native") == 0 ? "native?pr" : "prepay?prepay_id",
                html_escape(arena, column[5]));
        }
        builder_add(page, "</td></tr>");
    }
    finish(page);
}

static void messages(struct sandbox *sandbox, struct arena *arena, struct builder *page) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT substr(mobile, 1, 3) || '****' || substr(mobile, -4), code, purpose, created_us"
        " FROM sms ORDER BY id DESC LIMIT 20",
        "");
    heading(page, "短信 SMS outbox",
        "<th>手机 Mobile</th><th>验证码 Code</th><th>用途 Purpose</th><th>时间 Time</th>");
    for (size_t i = 0; i < rows.count; i++) {
        builder_add(page, "<tr>");
        cells(page, arena, rows.at[i], 3);
        builder_printf(page, "<td>%s</td></tr>",
            instant_plain(arena, (struct instant){row_integer(rows.at[i], 3)}));
    }
    finish(page);
}

static void notifications(struct sandbox *sandbox, struct arena *arena, struct builder *page) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT id, channel, event, out_no, forge, state, tries, last_status FROM notification"
        " ORDER BY id DESC LIMIT 50",
        "");
    heading(page, "通知 Notifications",
        "<th>号 No.</th><th>渠道 Channel</th><th>事件 Event</th><th>商户单号 Number</th><th>伪造"
        " Forged</th><th>状态 State</th><th>次数 Tries</th><th>应答 Answer</th><th></th>");
    for (size_t i = 0; i < rows.count; i++) {
        builder_add(page, "<tr>");
        cells(page, arena, rows.at[i], 8);
        builder_add(page, "<td>");
        button(page, arena,
            arena_printf(arena, "/control/notifications/%s/resend", rows.at[i].column[0]),
            "重发 resend");
        builder_add(page, "</td></tr>");
    }
    finish(page);
}

static void accounts(struct sandbox *sandbox, struct arena *arena, struct builder *page) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT card_number, balance_fen FROM account ORDER BY card_number LIMIT 200", "");
    heading(page, "银行卡账户 Card accounts", "<th>卡号 Number</th><th>余额 Balance</th><th></th>");
    for (size_t i = 0; i < rows.count; i++) {
        const char *number = rows.at[i].column[0];
        builder_printf(page,
            "<tr><td>%.4s **** %s</td><td>%s</td><td><form method=\"post\""
            " action=\"/control/cards/%s/balance\"><input type=\"hidden\" name=\"back\" "
            "value=\"1\">"
            "<label>分 fen <input name=\"amount_fen\" value=\"%s\" inputmode=\"numeric\"></label>"
            "<button>设定 set</button></form></td></tr>",
            number, number + strlen(number) - 4, yuan_text(arena, row_integer(rows.at[i], 1)),
            number, rows.at[i].column[1]);
    }
    finish(page);
}

static void test_cards(struct builder *page) {
    heading(page, "测试卡 Test cards", "<th>卡号 Number</th><th>行为 Behaviour</th>");
    const struct test_card *card;
    for (size_t i = 0; (card = test_card_at(i)) != NULL; i++)
        builder_printf(page, "<tr><td>%s</td><td>%s</td></tr>", card->number, card->meaning);
    finish(page);
}

static void faults(struct sandbox *sandbox, struct arena *arena, struct builder *page) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT id, channel, operation, kind, remaining, per_million, delay_ms, code, outcome,"
        " match, hits FROM fault ORDER BY id",
        "");
    heading(page, "故障 Faults",
        "<th>号 No.</th><th>渠道 Channel</th><th>操作 Operation</th><th>种类 Kind</th><th>剩余 "
        "Left</th>"
        "<th>百万分率 Per million</th><th>延迟 Delay (ms)</th><th>代码 Code</th><th>结局"
        " Outcome</th><th>匹配 Match</th><th>命中 Hits</th><th></th>");
    for (size_t i = 0; i < rows.count; i++) {
        builder_add(page, "<tr>");
        cells(page, arena, rows.at[i], 11);
        builder_add(page, "<td>");
        button(page, arena, arena_printf(arena, "/control/faults/%s/delete", rows.at[i].column[0]),
            "删除 delete");
        builder_add(page, "</td></tr>");
    }
    finish(page);
    builder_add(page,
        "<form method=\"post\" action=\"/control/faults\"><input type=\"hidden\" name=\"back\""
        " value=\"1\"><label>渠道 <select name=\"channel\"><option value=\"\">全部 any</option>"
        "<option>wechat</option><option>card</option></select></label><label>种类 <select"
        " name=\"kind\">");
    for (int i = 0; i < TROUBLE_COUNT; i++)
        builder_printf(page, "<option value=\"%s\">%s %s</option>", trouble_name((enum trouble)i),
            trouble_name((enum trouble)i), trouble_meaning((enum trouble)i));
    builder_add(page,
        "</select></label><label>次数 count <input name=\"count\" value=\"1\" size=\"4\"></label>"
        "<label>延迟 delay_ms <input name=\"delay_ms\" value=\"0\" size=\"6\"></label>"
        "<label>代码 code <input name=\"code\" size=\"8\"></label>"
        "<label>单号含 match <input name=\"match\"></label><button>加入 add</button></form>");
    button(page, arena, "/control/faults/clear", "全部清除 clear all");
}

void control_page(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct arena *arena = request->arena;
    struct builder page = builder_start(arena, 16384);
    builder_printf(&page,
        "<main><h1>支付沙箱 Payment sandbox</h1><p class=\"tag\">模拟的渠道，没有真钱 simulated"
        " providers, no real money</p><p>商户号 mchid %s · member_id %s · terminal_id %s</p>"
        "<p><a href=\"/control/book\">账本 book (JSON)</a> · <a href=\"/control/notifications\">"
        "通知 notifications (JSON)</a></p>",
        sandbox->keys.mchid, sandbox->keys.member_id, sandbox->keys.terminal_id);
    trades(sandbox, arena, &page);
    messages(sandbox, arena, &page);
    faults(sandbox, arena, &page);
    notifications(sandbox, arena, &page);
    button(&page, arena, "/control/notifications/send", "立即发送全部 send all now");
    accounts(sandbox, arena, &page);
    test_cards(&page);
    builder_add(&page, "</main>");
    page_answer(answer, arena, "支付沙箱 Payment sandbox", builder_text(&page));
}
