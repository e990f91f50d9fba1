/* receipt.c: the page of a receipt. Exports receipt_print(). */
#include "document/receipt.h"

#include "base/check.h"
#include "document/capital_amount.h"
#include "document/press.h"

#include <string.h>

#define USED_WIDTH (SHEET_RIGHT - SHEET_LEFT)
#define LABEL_WIDTH 150.0
#define AMOUNT_WIDTH 90.0
#define ORDER_WIDTH 190.0
#define QR_SIDE 124.0
#define FOOT_HEIGHT 172.0

static const struct style title_style = {24, WEIGHT_BOLD, ALIGN_LEFT, 0};
static const struct style amount_style = {30, WEIGHT_BOLD, ALIGN_LEFT, 0};
static const struct style heading_style = {11.5, WEIGHT_BOLD, ALIGN_LEFT, 0};
static const struct style text_style = {10.5, WEIGHT_REGULAR, ALIGN_LEFT, 0.05};
static const struct style number_style = {10.5, WEIGHT_REGULAR, ALIGN_RIGHT, 0.05};
static const struct style total_style = {10.5, WEIGHT_BOLD, ALIGN_RIGHT, 0};
static const struct style label_style = {9, WEIGHT_REGULAR, ALIGN_LEFT, 0.35};
static const struct style small_style = {8, WEIGHT_REGULAR, ALIGN_LEFT, 0.35};
static const struct style small_right_style = {8, WEIGHT_REGULAR, ALIGN_RIGHT, 0.35};

/* "2026-11-22 10:20:30" in Shanghai. */
static char *time_text(struct arena *arena, struct instant instant) {
    char day[DAY_TEXT_SIZE];
    int32_t second = instant_second_of_day(instant, ZONE_SHANGHAI);
    day_to_text(instant_to_day(instant, ZONE_SHANGHAI), day);
    return arena_printf(arena, "%s %02d:%02d:%02d（北京时间 UTC+8）", day, second / 3600,
        second / 60 % 60, second % 60);
}

/* "1,234.56". */
static char *yuan_text(struct arena *arena, struct money amount) {
    char plain[MONEY_TEXT_SIZE];
    money_to_yuan(amount, plain);
    struct builder text = builder_start(arena, 40);
    const char *at = plain;
    if (*at == '-')
        builder_add_character(&text, *at++);
    size_t whole = strcspn(at, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            builder_add_character(&text, ',');
        builder_add_character(&text, at[i]);
    }
    builder_add(&text, at + whole);
    return builder_text(&text);
}

static void head(struct sheet *sheet, const struct receipt_document *document) {
    bool refund = document->kind == RECEIPT_REFUND;
    struct arena *arena = sheet->arena;
    sheet_text(sheet, SHEET_LEFT, 44, USED_WIDTH / 2, heading_style, document->issuer_zh);
    sheet_text(sheet, SHEET_LEFT, 60, USED_WIDTH / 2, small_style, document->issuer_en);
    sheet_text(sheet, SHEET_LEFT + USED_WIDTH / 2, 46, USED_WIDTH / 2, small_right_style,
        arena_printf(arena, "凭证编号 Receipt no.\n%s", document->receipt_no));
    sheet_line(sheet, 82, 0.75);
    sheet->y = 96;
    sheet->y += sheet_text(
        sheet, SHEET_LEFT, sheet->y, USED_WIDTH, title_style, refund ? "退款凭证" : "还款凭证");
    sheet->y += sheet_text(sheet, SHEET_LEFT, sheet->y, USED_WIDTH, label_style,
        refund ? "Refund receipt" : "Payment receipt");
    sheet->y += 10;
    sheet->y += sheet_text(sheet, SHEET_LEFT, sheet->y, USED_WIDTH, amount_style,
        arena_printf(arena, "¥%s", yuan_text(arena, document->amount)));
    sheet->y += sheet_text(sheet, SHEET_LEFT, sheet->y, USED_WIDTH, text_style,
        capital_amount(arena, document->amount));
    sheet->y += 12;
}

static void fact(struct sheet *sheet, const char *label, const char *value) {
    double x = SHEET_LEFT + LABEL_WIDTH;
    double height = sheet_text(sheet, x, sheet->y, SHEET_RIGHT - x, text_style, value);
    sheet_text(sheet, SHEET_LEFT, sheet->y + 1.5, LABEL_WIDTH - 8, label_style, label);
    sheet->y += height + 5;
}

static void facts(struct sheet *sheet, const struct receipt_document *document) {
    struct arena *arena = sheet->arena;
    bool refund = document->kind == RECEIPT_REFUND;
    sheet_line(sheet, sheet->y, 0.75);
    sheet->y += 8;
    fact(sheet, refund ? "收款人 Paid to" : "还款人 Paid by",
        arena_printf(arena, "%s　%s", document->payer_masked, document->phone_masked));
    fact(sheet, refund ? "退款时间 Refunded at" : "还款时间 Paid at",
        time_text(arena, document->paid_at));
    fact(sheet, refund ? "退款方式 Refunded to" : "还款方式 Method",
        arena_printf(arena, "%s\n%s", document->method_zh, document->method_en));
    fact(sheet, "交易编号 Payment no.", document->payment_no);
    if (document->channel_no[0] != '\0')
        fact(sheet, "渠道流水号 Channel no.", document->channel_no);
    fact(sheet, "开具时间 Issued at", time_text(arena, document->issued_at));
    sheet->y += 4;
}

static void table_head(struct sheet *sheet) {
    double what = SHEET_LEFT + ORDER_WIDTH;
    sheet_line(sheet, sheet->y, 0.75);
    sheet->y += 6;
    sheet_text(sheet, SHEET_LEFT, sheet->y, ORDER_WIDTH - 8, label_style, "订单 Order");
    sheet_text(
        sheet, what, sheet->y, SHEET_RIGHT - AMOUNT_WIDTH - what, label_style, "用途 Applied to");
    struct style right = label_style;
    right.align = ALIGN_RIGHT;
    sheet->y += sheet_text(
        sheet, SHEET_RIGHT - AMOUNT_WIDTH, sheet->y, AMOUNT_WIDTH, right, "金额（元）CNY");
    sheet->y += 4;
    sheet_line(sheet, sheet->y, 0.85);
    sheet->y += 5;
}

/* Starts a new page when less than `height` is left above `foot`. */
static void make_room(struct sheet *sheet, double height) {
    if (sheet->y + height <= SHEET_BOTTOM)
        return;
    sheet_turn(sheet);
    table_head(sheet);
}

static void table_row(struct sheet *sheet, const struct receipt_line *line) {
    struct arena *arena = sheet->arena;
    double what = SHEET_LEFT + ORDER_WIDTH;
    double what_width = SHEET_RIGHT - AMOUNT_WIDTH - what - 8;
    double left = sheet_text_height(sheet, ORDER_WIDTH - 8, text_style, line->order_title) +
                  sheet_text_height(sheet, ORDER_WIDTH - 8, small_style, line->order_no);
    double middle = sheet_text_height(sheet, what_width, text_style, line->what_zh) +
                    sheet_text_height(sheet, what_width, small_style, line->what_en);
    double height = left > middle ? left : middle;
    make_room(sheet, height + 6);
    double y = sheet->y + sheet_text(sheet, SHEET_LEFT, sheet->y, ORDER_WIDTH - 8, text_style,
                              line->order_title);
    sheet_text(sheet, SHEET_LEFT, y, ORDER_WIDTH - 8, small_style, line->order_no);
    y = sheet->y + sheet_text(sheet, what, sheet->y, what_width, text_style, line->what_zh);
    sheet_text(sheet, what, y, what_width, small_style, line->what_en);
    sheet_text(sheet, SHEET_RIGHT - AMOUNT_WIDTH, sheet->y, AMOUNT_WIDTH, number_style,
        yuan_text(arena, line->amount));
    sheet->y += height + 6;
}

static void table(struct sheet *sheet, const struct receipt_document *document) {
    sheet->y += sheet_text(sheet, SHEET_LEFT, sheet->y, USED_WIDTH, heading_style,
        document->kind == RECEIPT_REFUND ? "退款明细 What was refunded"
                                         : "入账明细 How it was allocated");
    sheet->y += 4;
    table_head(sheet);
    for (size_t i = 0; i < document->line_count; i++)
        table_row(sheet, &document->lines[i]);
    make_room(sheet, 24);
    sheet_line(sheet, sheet->y, 0.75);
    sheet->y += 6;
    sheet_text(sheet, SHEET_LEFT, sheet->y, ORDER_WIDTH, heading_style, "合计 Total");
    sheet->y += sheet_text(sheet, SHEET_RIGHT - AMOUNT_WIDTH, sheet->y, AMOUNT_WIDTH, total_style,
        yuan_text(sheet->arena, document->amount));
    sheet->y += 10;
}

/* The QR code and what it is for, at the foot of the last page. */
static void foot(
    struct sheet *sheet, const struct receipt_document *document, const struct qr_code *code) {
    if (sheet->y + FOOT_HEIGHT > SHEET_BOTTOM + 20)
        sheet_turn(sheet);
    double top = SHEET_BOTTOM + 20 - FOOT_HEIGHT;
    double x = SHEET_LEFT + QR_SIDE + 12;
    double width = SHEET_RIGHT - x;
    sheet_line(sheet, top, 0.75);
    sheet_qr(sheet, SHEET_LEFT - 10, top + 8, QR_SIDE, code);
    sheet_link(sheet, SHEET_LEFT - 10, top + 8, QR_SIDE, QR_SIDE, document->verify_url);
    double y = top + 18;
    y += sheet_text(sheet, x, y, width, heading_style, "扫码核验真伪 Scan to verify") + 4;
    y += sheet_text(sheet, x, y, width, text_style,
             arena_printf(sheet->arena, "核验码 Check code　%s", document->check_code)) +
         4;
    y += sheet_text(sheet, x, y, width, small_style, document->verify_url) + 8;
    y += sheet_text(sheet, x, y, width, small_style,
        "本凭证由系统根据已入账的记录生成，真伪与最新状态以核验页面为准；个人信息已隐去。");
    sheet_text(sheet, x, y, width, small_style,
        "Made from the booked record. The verification page tells whether it is genuine and what "
        "became of it since. Personal data is masked.");
    sheet_text(sheet, SHEET_LEFT, top + FOOT_HEIGHT - 20, USED_WIDTH, small_right_style,
        arena_printf(sheet->arena, "第 %d 页 Page %d", sheet->page, sheet->page));
}

static void check_document(const struct receipt_document *document) {
    int64_t sum_fen = 0;
    check(document->amount.fen > 0 && document->line_count > 0);
    for (size_t i = 0; i < document->line_count; i++)
        sum_fen += document->lines[i].amount.fen;
    check(sum_fen == document->amount.fen);
}

enum status receipt_print(struct receipt_press *press, struct arena *arena,
    const struct receipt_document *document, struct bytes *out, struct fault *fault) {
    struct sheet sheet;
    struct qr_code code;
    check_document(document);
    if (!qr_encode(arena, document->verify_url, &code))
        return fault_set(fault, STATUS_INVALID, "the address to verify at is empty or too long");
    sheet_start(&sheet, press, arena,
        arena_printf(arena, "%s %s", document->kind == RECEIPT_REFUND ? "退款凭证" : "还款凭证",
            document->receipt_no),
        document->issued_at);
    head(&sheet, document);
    facts(&sheet, document);
    table(&sheet, document);
    foot(&sheet, document, &code);
    return sheet_finish(&sheet, out, fault);
}
