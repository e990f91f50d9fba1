/*
 * staff_customer.h: a customer as staff see one. Exports: struct staff_customer,
 * take_staff_customer(), load_staff_customer(), write_staff_customer().
 */
#ifndef FENQI_API_STAFF_CUSTOMER_H
#define FENQI_API_STAFF_CUSTOMER_H

#include "api/api.h"
#include "api/order_money.h"
#include "service/customer_position.h"
#include "service/order_view.h"
#include "store/customer.h"
#include "store/extension_request.h"
#include "store/notice.h"

enum { STAFF_PAYMENTS_SHOWN = 10, STAFF_NOTICES_SHOWN = 10 };

/* Everything beside the chat; personal data is masked. In the unit's arena. */
struct staff_customer {
    struct arena *arena;
    struct customer customer;
    struct customer_position position;
    struct money credit_balance;
    struct order_money money;
    struct order_view *orders;
    size_t order_count;
    struct payment_view *payments; /* the latest */
    size_t payment_count;
    struct extension_request *requests;
    size_t request_count;
    struct notice *notices; /* the latest */
    size_t notice_count;
};

/* The {customer_id} of the path; false when `otherwise` was given. */
bool take_staff_customer(struct call *call, enum problem_code otherwise, int64_t *customer_id);

/* *found is false when there is no such customer. */
enum status load_staff_customer(struct tx *tx, struct moment moment, int64_t customer_id,
    struct staff_customer *customer, bool *found) FENQI_MUST_USE;

/* A StaffCustomer. */
void write_staff_customer(
    struct json *json, const char *name, const struct staff_customer *customer);

#endif
