/*
 * customer.h: customers and the directory of their phone numbers. Exports: struct customer,
 * customer_load(), struct customer_counts, customer_counts_load(), customer_insert(),
 * customer_save(), phone_directory_find(), phone_directory_insert().
 *
 * Everything personal is sealed (codec/vault.h); phone numbers are found by their keyed hash.
 */
#ifndef FENQI_STORE_CUSTOMER_H
#define FENQI_STORE_CUSTOMER_H

#include "base/money.h"
#include "store/store.h"

struct customer {
    int64_t customer_id;
    struct instant created_at;
    struct bytes key_sealed;   /* the customer's own key, under the master key */
    struct bytes phone_sealed; /* under the customer's key, label "customer.phone" */
    const char *phone_masked;
    struct bytes name_sealed; /* label "customer.name"; {NULL, 0}: no name given */
    const char *name_masked;
    const char *password_hash; /* NULL: one-time codes only */
    int32_t failed_logins;
    struct instant locked_until;
    const char *terms_version; /* NULL: known from a shop's order, not registered yet */
    struct instant terms_accepted_at;
};

/* *found is false when there is no such customer. */
enum status customer_load(
    struct tx *tx, int64_t customer_id, struct customer *customer, bool *found) FENQI_MUST_USE;

struct customer_counts {
    struct money credit_balance;
    int64_t unread_messages, unread_notices;
};

/* What an account shows beside what it is; zeros without a customer. One statement. */
enum status customer_counts_load(
    struct tx *tx, int64_t customer_id, struct customer_counts *counts) FENQI_MUST_USE;

enum status customer_insert(struct tx *tx, const struct customer *customer) FENQI_MUST_USE;

/* Saves name, password, lock and terms; the rest never changes. */
enum status customer_save(struct tx *tx, const struct customer *customer) FENQI_MUST_USE;

/* *customer_id is 0 when nobody has that phone number. */
enum status phone_directory_find(
    struct tx *tx, struct bytes phone_hash, int64_t *customer_id) FENQI_MUST_USE;
enum status phone_directory_insert(
    struct tx *tx, struct bytes phone_hash, int64_t customer_id) FENQI_MUST_USE;

#endif
