/*
 * order_money.h: payments and automatic repayment beside orders. Exports: struct order_money,
 * load_order_page(), load_order_money(), open_payment_write(), open_payments_write(),
 * order_payments_write(), autopay_state_write(), instalment_payments_write().
 */
#ifndef FENQI_API_ORDER_MONEY_H
#define FENQI_API_ORDER_MONEY_H

#include "base/json_write.h"
#include "service/load_autopay.h"
#include "service/payment_view.h"

enum { ORDER_PAYMENTS_SHOWN = 5 };

/* What is loaded about a customer for the list and the detail screen, by two statements. */
struct order_money {
    int64_t customer_id;
    struct arena *arena;
    size_t view_count; /* of all orders, or of those that the page needs; newest first */
    struct order_view *views;
    struct orders_over_counts over; /* of load_order_page() */
    struct order_view *view;        /* the one order; NULL: none such */
    struct customer_file file;
    size_t live_count; /* on their way, of all orders */
    struct payment_view *live;
    size_t latest_count; /* of the one order */
    struct payment_view *latest;
    size_t instalment_count; /* of the one contract */
    struct instalment_payment *instalments;
    struct autopay_view autopay;
};

/* For a page of the customer's list. */
enum status load_order_page(struct tx *tx, struct moment moment, int64_t customer_id,
    const struct order_wish *wish, struct order_money *money) FENQI_MUST_USE;

/* For all orders (order_id 0) or one of them; `latest` and `instalments` are of that one. */
enum status load_order_money(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, struct order_money *money) FENQI_MUST_USE;

/* The PaymentRef that is on its way for an order (0: for any), or null. */
void open_payment_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id);

/* All PaymentRefs on their way for the order. */
void open_payments_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id);

/* The order's latest PaymentSummaries. */
void order_payments_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id);

/* The AutopayState. */
void autopay_state_write(struct json *json, const char *name, const struct order_money *money);

/* InstalmentPayments of one instalment. */
void instalment_payments_write(
    struct json *json, const char *name, const struct order_money *money, int32_t number);

#endif
