/*
 * receipt.h: the payment receipt 还款凭证 as PDF. Exports: struct receipt_document, struct
 * receipt_press, receipt_press_open(), receipt_press_close(), receipt_print().
 *
 * One A4 page (more when it was allocated to many instalments), Chinese with English beside it, and
 * a QR code of the address where anybody can check it. The same document gives the same bytes, for
 * ever: the clock, the machine's fonts and the locale have no part in it.
 */
#ifndef FENQI_DOCUMENT_RECEIPT_H
#define FENQI_DOCUMENT_RECEIPT_H

#include "base/arena.h"
#include "base/day.h"
#include "base/money.h"

enum receipt_kind { RECEIPT_PAYMENT, RECEIPT_REFUND };

/* How a part of the money was used. Texts are UTF-8 and may not be NULL. */
struct receipt_line {
    const char *order_title; /* goods, e.g. "手机 12 期" */
    const char *order_no;    /* public number of the order */
    const char *what_zh;     /* "第3期 本金" */
    const char *what_en;     /* "Instalment 3, principal" */
    struct money amount;
};

/* Everything on the page. Texts are UTF-8, shown as they are: masking is the caller's. */
struct receipt_document {
    enum receipt_kind kind;
    const char *receipt_no; /* public number, 28 characters */
    const char *check_code; /* short hash of the stored record, printed beside the QR code */
    const char *verify_url; /* in the QR code, with the check code in it; at most 500 bytes */
    const char *issuer_zh;  /* who issues it */
    const char *issuer_en;
    const char *payer_masked; /* "*小明" */
    const char *phone_masked; /* "138****0001" */
    const char *payment_no;   /* public number of the payment */
    const char *channel_no;   /* the provider's number; "" when there is none (credit balance) */
    const char *method_zh;    /* "银行卡 招商银行（尾号 6621）" */
    const char *method_en;
    struct money amount; /* positive for refunds too */
    struct instant paid_at;
    struct instant issued_at;
    size_t line_count;
    const struct receipt_line *lines; /* add up to `amount`; checked */
};

/*
 * Fonts and layout engine, made once and used for many receipts. Not thread-safe: one a thread, or
 * a lock around it.
 */
struct receipt_press;

/*
 * `font_folder` holds FenqiSans-Regular.otf and FenqiSans-Bold.otf; NULL takes the environment's
 * FENQI_FONTS or else the folder of the build. No other font of the machine is used.
 */
enum status receipt_press_open(
    struct receipt_press **out, const char *font_folder, struct fault *fault);
void receipt_press_close(struct receipt_press *press);

/* The PDF, in the arena. Fails only when the environment does (memory, a broken font file). */
enum status receipt_print(struct receipt_press *press, struct arena *arena,
    const struct receipt_document *document, struct bytes *out, struct fault *fault);

#endif
