/*
 * order_money.c: payments and automatic repayment beside orders. See order_money.h.
 */
#include "api/order_money.h"

enum status load_order_money(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t order_id, int64_t contract_id, struct order_money *money) {
    (void)tx;
    (void)moment;
    (void)order_id;
    (void)contract_id;
    *money = (struct order_money){.customer_id = customer_id};
    return STATUS_OK;
}

void open_payment_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id) {
    (void)money;
    (void)order_id;
    json_null(json, name);
}

static void empty_array(struct json *json, const char *name) {
    json_open(json, name, '[');
    json_close(json);
}

void open_payments_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id) {
    (void)money;
    (void)order_id;
    empty_array(json, name);
}

void order_payments_write(
    struct json *json, const char *name, const struct order_money *money, int64_t order_id) {
    (void)money;
    (void)order_id;
    empty_array(json, name);
}

void autopay_state_write(struct json *json, const char *name, const struct order_money *money) {
    (void)money;
    json_open(json, name, '{');
    json_boolean(json, "enabled", false);
    empty_array(json, "sources");
    empty_array(json, "next_attempts");
    json_null(json, "last_failure");
    json_close(json);
}

void instalment_payments_write(
    struct json *json, const char *name, const struct order_money *money, int32_t number) {
    (void)money;
    (void)number;
    empty_array(json, name);
}
