/*
 * notice.h: messages to customers, as they were sent. Exports: struct notice, notice_insert(),
 * notice_list(), notice_count_unread(), notice_mark_read().
 */
#ifndef FENQI_STORE_NOTICE_H
#define FENQI_STORE_NOTICE_H

#include "store/store.h"

struct notice {
    int64_t customer_id;
    int64_t notice_id;
    const char *kind; /* row of spec/messages.tsv */
    const char *title_zh;
    const char *title_en;
    const char *body_zh;
    const char *body_en;
    const char *target; /* the screen that it leads to */
    int64_t order_id;   /* 0: about no order */
    int64_t payment_id; /* 0: about no payment */
    struct instant created_at;
    struct instant read_at; /* 0: not yet */
};

enum status notice_insert(struct tx *tx, const struct notice *notice) FENQI_MUST_USE;

/* Up to `limit` notices with ids below `before_id` (INT64_MAX: from the newest), newest first. */
enum status notice_list(struct tx *tx, int64_t customer_id, int64_t before_id, size_t limit,
    struct notice **notices, size_t *count) FENQI_MUST_USE;
enum status notice_count_unread(struct tx *tx, int64_t customer_id, int64_t *count) FENQI_MUST_USE;
enum status notice_mark_read(struct tx *tx, int64_t customer_id, struct instant now) FENQI_MUST_USE;

#endif
