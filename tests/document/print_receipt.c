/*
 * print_receipt.c: prints a sample receipt, for test_receipt.py.
 *
 *     print_receipt payment|refund LINES OUT.pdf
 *
 * The receipt is printed twice with two presses; different bytes end the program with 2.
 */
#include "document/receipt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fill(struct arena *arena, size_t count, struct receipt_document *document) {
    struct receipt_line *lines = ARENA_ARRAY(arena, count, struct receipt_line);
    document->amount.fen = 0;
    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct receipt_line){
            .order_title = i % 3 == 0 ? "骁龙手机 16GB+512GB 曜石黑 喆堃定制版" : "无线耳机",
            .order_no = "D0000000000001000000000000027",
            .what_zh = arena_printf(arena, "第%zu期 本金", i + 1),
            .what_en = arena_printf(arena, "Instalment %zu, principal", i + 1),
            .amount = {88849 + (int64_t)i},
        };
        document->amount.fen += lines[i].amount.fen;
    }
    document->line_count = count;
    document->lines = lines;
}

static struct receipt_document sample(struct arena *arena, const char *kind, size_t count) {
    struct receipt_document document = {
        .kind = strcmp(kind, "refund") == 0 ? RECEIPT_REFUND : RECEIPT_PAYMENT,
        .receipt_no = "R00000000000010000000000000A3",
        .check_code = "7f3a-91c2-0b5d",
        .verify_url = "https://fenqi.example/verify/R00000000000010000000000000A3?h=7f3a91c20b5d",
        .issuer_zh = "分期演示平台",
        .issuer_en = "Fenqi demonstration",
        .payer_masked = "*小明",
        .phone_masked = "138****0001",
        .payment_no = "P00000000000010000000000000B4",
        .channel_no = "4200002026112212345678901234",
        .method_zh = "银行卡 招商银行（尾号 6621）",
        .method_en = "Bank card ending 6621",
        .paid_at = {INT64_C(1795328430) * US_PER_SECOND},
        .issued_at = {INT64_C(1795328490) * US_PER_SECOND},
    };
    fill(arena, count, &document);
    return document;
}

/* One press, one receipt. */
static bool print(struct arena *arena, const struct receipt_document *document, struct bytes *out) {
    struct receipt_press *press;
    struct fault fault;
    if (receipt_press_open(&press, NULL, &fault) != STATUS_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return false;
    }
    bool good = receipt_print(press, arena, document, out, &fault) == STATUS_OK;
    struct bytes again;
    good = good && receipt_print(press, arena, document, &again, &fault) == STATUS_OK &&
           bytes_equal(*out, again);
    receipt_press_close(press);
    return good;
}

int main(int argc, char **argv) {
    char *end = NULL;
    long count = argc == 4 ? strtol(argv[2], &end, 10) : 0;
    if (count < 1 || count > 1000 || *end != '\0')
        return 64;
    FENQI_ARENA arena = arena_create(1 << 20);
    struct receipt_document document = sample(arena, argv[1], (size_t)count);
    struct bytes first;
    struct bytes second;
    if (!print(arena, &document, &first) || !print(arena, &document, &second) ||
        !bytes_equal(first, second))
        return 2;
    FILE *file = fopen(argv[3], "wb");
    if (file == NULL || fwrite(first.at, 1, first.length, file) != first.length)
        return 1;
    return fclose(file) == 0 ? 0 : 1;
}
