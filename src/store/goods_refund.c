/*
 * goods_refund.c: money that a shop gave back for goods. See goods_refund.h.
 */
#include "store/goods_refund.h"

#include "store/statement.h"

#include <string.h>

static void read_refund(struct statement *statement, struct goods_refund *refund) {
    refund->customer_id = statement_integer(statement, 0);
    refund->refund_id = statement_integer(statement, 1);
    refund->order_id = statement_integer(statement, 2);
    refund->contract_id = statement_integer(statement, 3);
    refund->shop_refund_no = statement_text(statement, 4);
    refund->amount = statement_money(statement, 5);
    refund->to_debt = statement_money(statement, 6);
    refund->to_customer = statement_money(statement, 7);
    refund->reason = statement_text(statement, 8);
    refund->refunded_on = statement_day(statement, 9);
    refund->created_at = statement_instant(statement, 10);
}

enum status goods_refund_insert(struct tx *tx, const struct goods_refund *refund) {
    struct statement *statement = statement_start(tx, QUERY_GOODS_REFUND_INSERT);
    statement_bind_integer(statement, 1, refund->customer_id);
    statement_bind_integer(statement, 2, refund->refund_id);
    statement_bind_integer(statement, 3, refund->order_id);
    statement_bind_integer(statement, 4, refund->contract_id);
    statement_bind_text(statement, 5, refund->shop_refund_no);
    statement_bind_money(statement, 6, refund->amount);
    statement_bind_money(statement, 7, refund->to_debt);
    statement_bind_money(statement, 8, refund->to_customer);
    statement_bind_text(statement, 9, refund->reason);
    statement_bind_day(statement, 10, refund->refunded_on);
    statement_bind_instant(statement, 11, refund->created_at);
    return statement_run(statement);
}

enum status goods_refund_by_number(struct tx *tx, int64_t customer_id, int64_t order_id,
    const char *shop_refund_no, struct goods_refund **refund) {
    struct statement *statement = statement_start(tx, QUERY_GOODS_REFUND_BY_NUMBER);
    statement_bind_integer(statement, 1, customer_id);
    statement_bind_integer(statement, 2, order_id);
    statement_bind_text(statement, 3, shop_refund_no);
    *refund = NULL;
    if (statement_step(statement)) {
        *refund = ARENA_NEW(tx_arena(tx), struct goods_refund);
        read_refund(statement, *refund);
    }
    return statement_end(statement);
}

enum status goods_refund_of_customer(
    struct tx *tx, int64_t customer_id, struct goods_refund **refunds, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_GOODS_REFUND_OF_CUSTOMER);
    statement_bind_integer(statement, 1, customer_id);
    size_t room = 8;
    *refunds = ARENA_ARRAY(tx_arena(tx), room, struct goods_refund);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct goods_refund *more = ARENA_ARRAY(tx_arena(tx), room * 2, struct goods_refund);
            memcpy(more, *refunds, room * sizeof **refunds);
            *refunds = more;
            room *= 2;
        }
        read_refund(statement, &(*refunds)[(*count)++]);
    }
    return statement_end(statement);
}
