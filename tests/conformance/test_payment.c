/*
 * test_payment.c: a payment is one row: what belongs to it comes back as it went, payments are
 * found by order and contract, a final state stays, a damaged detail is told.
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include "store/payment.h"
#include "store/payment_detail.h"

#include <stdio.h>
#include <string.h>

static const struct instant noon = {INT64_C(1770000000000000)};

enum { CUSTOMER = 7 };

static struct money fen(int64_t amount) {
    return (struct money){amount};
}

static struct payment payment_of(int64_t payment_id, struct payment_part *parts, size_t count) {
    return (struct payment){
        .customer_id = CUSTOMER,
        .payment_id = payment_id,
        .entry = PAYMENT_ENTRY_PAYMENT,
        .state = PAYMENT_CREATED,
        .initiator = INITIATOR_CUSTOMER,
        .purpose = PURPOSE_DUE,
        .method = PAY_BY_CREDIT_BALANCE,
        .amount = fen(100),
        .business_date = {20000},
        .created_at = noon,
        .parts = parts,
        .part_count = count,
    };
}

static enum status save(struct tx *tx, void *context) {
    return payment_save(tx, context);
}

struct loading {
    int64_t payment_id, order_id, contract_id, before;
    int32_t entry, limit;
    struct payment *payment;
    struct payment *list;
    size_t count;
};

static enum status load(struct tx *tx, void *context) {
    struct loading *loading = context;
    return payment_load(tx, CUSTOMER, loading->payment_id, &loading->payment);
}

static enum status page(struct tx *tx, void *context) {
    struct loading *loading = context;
    return payment_page(tx, CUSTOMER, loading->order_id, loading->entry, loading->before,
        loading->limit, &loading->list, &loading->count);
}

static enum status of_contract(struct tx *tx, void *context) {
    struct loading *loading = context;
    return payment_of_contract(tx, CUSTOMER, loading->contract_id, &loading->list, &loading->count);
}

static void same_parts(const struct payment *a, const struct payment *b) {
    assert_int_equal(a->part_count, b->part_count);
    for (size_t i = 0; i < a->part_count; i++) {
        assert_int_equal(a->parts[i].contract_id, b->parts[i].contract_id);
        assert_int_equal(a->parts[i].order_id, b->parts[i].order_id);
        assert_int_equal(a->parts[i].amount.fen, b->parts[i].amount.fen);
        assert_int_equal(a->parts[i].target, b->parts[i].target);
        assert_int_equal(a->parts[i].event_sequence, b->parts[i].event_sequence);
    }
}

static void same_allocations(const struct payment *a, const struct payment *b) {
    assert_int_equal(a->allocation_count, b->allocation_count);
    for (size_t i = 0; i < a->allocation_count; i++) {
        const struct payment_allocation *x = &a->allocations[i], *y = &b->allocations[i];
        assert_int_equal(x->contract_id, y->contract_id);
        assert_int_equal(x->order_id, y->order_id);
        assert_int_equal(x->instalment, y->instalment);
        assert_int_equal(x->due_day.number, y->due_day.number);
        assert_int_equal(x->principal.fen, y->principal.fen);
        assert_int_equal(x->interest.fen, y->interest.fen);
        assert_int_equal(x->fee.fen, y->fee.fen);
        assert_int_equal(x->penalty.fen, y->penalty.fen);
        assert_int_equal(x->left_after.fen, y->left_after.fen);
    }
}

static void same_steps(const struct payment *a, const struct payment *b) {
    assert_int_equal(a->step_count, b->step_count);
    for (size_t i = 0; i < a->step_count; i++) {
        assert_int_equal(a->steps[i].at.us, b->steps[i].at.us);
        assert_int_equal(a->steps[i].state, b->steps[i].state);
        assert_string_equal(a->steps[i].code, b->steps[i].code);
    }
}

static void test_what_belongs_to_it_comes_back_as_it_went(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct payment_part parts[] = {
        {INT64_MAX, INT64_MAX - 1, fen(MONEY_MAX_FEN), 3, INT32_MAX},
        {1, 2, fen(0), 0, 0},
    };
    struct payment_allocation lines[] = {
        {1, 2, 60, {-5}, fen(1), fen(2), fen(3), fen(4), fen(5)},
        {INT64_MAX, INT64_MAX - 1, 1, {20000}, fen(MONEY_MAX_FEN), fen(0), fen(-1), fen(0), fen(9)},
    };
    struct payment payment = payment_of(9, parts, 2);
    payment.allocations = lines;
    payment.allocation_count = 2;
    payment_step_add(database->arena, &payment, noon, "created");
    run_ok(database, save, &payment);
    struct loading loading = {.payment_id = 9};
    read_ok(database, load, &loading);
    same_parts(loading.payment, &payment);
    same_allocations(loading.payment, &payment);
    same_steps(loading.payment, &payment);

    struct payment *loaded = loading.payment;
    loaded->state = PAYMENT_SUCCEEDED;
    loaded->parts[1].event_sequence = 4;
    loaded->allocation_count = 0;
    payment_step_add(database->arena, loaded, instant_add_seconds(noon, 3600), "after_an_hour");
    payment_step_add(database->arena, loaded, instant_add_seconds(noon, -1), "clock_went_back");
    run_ok(database, save, loaded);
    read_ok(database, load, &loading);
    same_parts(loading.payment, loaded);
    same_allocations(loading.payment, loaded);
    same_steps(loading.payment, loaded);
    assert_true(payment_has_step(loading.payment, "clock_went_back"));
    assert_false(payment_has_step(loading.payment, "clock"));
    assert_int_equal(database_number(database, "SELECT count(*) FROM payment"), 1);
    database_destroy(database);
}

static void test_a_final_state_stays(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct payment payment = payment_of(9, NULL, 0);
    struct fault fault = {0};
    payment.state = PAYMENT_SUCCEEDED;
    run_ok(database, save, &payment);
    payment.state = PAYMENT_FAILED;
    assert_int_equal(run_for(database, save, &payment, &fault), STATUS_CORRUPT);
    struct loading loading = {.payment_id = 9};
    read_ok(database, load, &loading);
    assert_int_equal(loading.payment->state, PAYMENT_SUCCEEDED);
    loading.payment->excess = fen(1); /* what is not the state may change */
    run_ok(database, save, loading.payment);
    loading.payment->state = PAYMENT_CREATED;
    assert_int_equal(run_for(database, save, loading.payment, &fault), STATUS_CORRUPT);
    database_destroy(database);
}

/* Payments 1 to 40: of order 100 + n % 3, all but refunds; every fourth an automatic debit. */
static void fill(struct database *database) {
    for (int64_t id = 1; id <= 40; id++) {
        struct payment_part parts[] = {
            {10 + id % 3, 100 + id % 3, fen(50), 1, 0},
            {5, 50, fen(50), 1, 0}, /* beside another one */
        };
        struct payment payment = payment_of(id, parts, id % 2 == 0 ? 2 : 1);
        if (id % 4 == 0)
            payment.entry = PAYMENT_ENTRY_AUTOPAY;
        run_ok(database, save, &payment);
    }
}

static void test_pages_by_cursor(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    fill(database);
    struct loading loading = {.order_id = 101, .before = INT64_MAX, .limit = 5};
    int64_t expected = 40;
    for (int seen = 0; seen < 14; seen += (int)loading.count) {
        read_ok(database, page, &loading);
        assert_int_equal(loading.count, seen < 10 ? 5 : 4);
        for (size_t i = 0; i < loading.count; i++, expected -= 3)
            assert_int_equal(loading.list[i].payment_id, expected);
        loading.before = loading.list[loading.count - 1].payment_id;
    }
    read_ok(database, page, &loading);
    assert_int_equal(loading.count, 0);
    loading = (struct loading){.before = INT64_MAX, .limit = 100, .order_id = 50};
    read_ok(database, page, &loading);
    assert_int_equal(loading.count, 20);
    loading.entry = PAYMENT_ENTRY_AUTOPAY;
    read_ok(database, page, &loading);
    assert_int_equal(loading.count, 10);
    loading.order_id = 10; /* an order's id is no other's beginning, nor a contract's */
    read_ok(database, page, &loading);
    assert_int_equal(loading.count, 0);
    loading.order_id = loading.entry = 0;
    read_ok(database, page, &loading);
    assert_int_equal(loading.count, 40);
    loading.contract_id = 11;
    read_ok(database, of_contract, &loading);
    assert_int_equal(loading.count, 14);
    assert_int_equal(loading.list[0].payment_id, 1);
    assert_int_equal(loading.list[1].payment_id, 4);
    database_destroy(database);
}

static void test_a_damaged_detail_is_told(void **state) {
    (void)state;
    struct database *database = database_create(NULL);
    struct payment_part part = {1, 2, fen(100), 1, 0};
    struct payment payment = payment_of(9, &part, 1);
    struct fault fault = {0};
    run_ok(database, save, &payment);
    database_script(database, "UPDATE payment SET detail = replace(detail, 'order', 'ordre')");
    struct loading loading = {.payment_id = 9, .before = INT64_MAX, .limit = 5};
    assert_int_equal(run_for(database, load, &loading, &fault), STATUS_CORRUPT);
    assert_non_null(strstr(fault.text, "payment 9"));
    assert_int_equal(run_for(database, page, &loading, &fault), STATUS_CORRUPT);
    database_destroy(database);
}

static void test_only_what_is_written_is_read(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",
        "{}",
        "{\"parts\":[],\"paid\":[],\"steps\":[]",
        "{\"parts\":[],\"paid\":[],\"steps\":[]}}",
        "{\"parts\":[],\"paid\":[],\"steps\":[] }",
        "{\"parts\":[{}],\"paid\":[],\"steps\":[]}",
        "{\"parts\":[,],\"paid\":[],\"steps\":[]}",
        "{\"parts\":[{\"contract\":1,\"order\":2,\"fen\":3,\"target\":1,\"event\":0},],\"paid\":[],"
        "\"steps\":[]}",
        "{\"parts\":[{\"contract\":01,\"order\":2,\"fen\":3,\"target\":1,\"event\":0}],\"paid\":[],"
        "\"steps\":[]}",
        "{\"parts\":[{\"contract\":0,\"order\":2,\"fen\":3,\"target\":1,\"event\":0}],\"paid\":[],"
        "\"steps\":[]}",
        "{\"parts\":[{\"contract\":9223372036854775808,\"order\":2,\"fen\":3,\"target\":1,"
        "\"event\":0}],\"paid\":[],\"steps\":[]}",
        "{\"parts\":[{\"contract\":1,\"order\":2,\"fen\":9007199254740992,\"target\":1,"
        "\"event\":0}],\"paid\":[],\"steps\":[]}",
        "{\"parts\":[{\"contract\":1,\"order\":2,\"fen\":-0,\"target\":1,\"event\":0}],\"paid\":[],"
        "\"steps\":[]}",
        /* a line of a part that is not there */
        "{\"parts\":[],\"paid\":[[1,1,20000,1,0,0,0,0]],\"steps\":[]}",
        "{\"parts\":[{\"contract\":1,\"order\":2,\"fen\":3,\"target\":1,\"event\":0}],"
        "\"paid\":[[2,1,20000,1,0,0,0,0]],\"steps\":[]}",
        "{\"parts\":[{\"contract\":1,\"order\":2,\"fen\":3,\"target\":1,\"event\":0}],"
        "\"paid\":[[1,1,20000,1,0,0,0]],\"steps\":[]}",
        "{\"parts\":[],\"paid\":[],\"steps\":[[0,7,\"created\"]]}",
        "{\"parts\":[],\"paid\":[],\"steps\":[[0,1,\"Created\"]]}",
        "{\"parts\":[],\"paid\":[],\"steps\":[[0,1,created]]}",
    };
    FENQI_ARENA arena = arena_create(0);
    struct payment payment = {.created_at = noon};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (payment_detail_read(arena, wrong[i], &payment))
            fail_msg("read: %s", wrong[i]);
    const char *text =
        "{\"parts\":[{\"contract\":7,\"order\":8,\"fen\":35417,\"target\":1,\"event\":2}],"
        "\"paid\":[[1,3,20500,33333,2084,0,0,0]],"
        "\"steps\":[[0,1,\"created\"],[812,3,\"succeeded\"]]}";
    assert_true(payment_detail_read(arena, text, &payment));
    assert_string_equal(payment_detail_write(arena, &payment), text);
    /* every text that was cut, or has another character, is refused or means itself */
    for (size_t i = 0; i < strlen(text); i++) {
        char *other = arena_text(arena, text);
        other[i] = i % 2 == 0 ? ',' : '9';
        if (payment_detail_read(arena, other, &payment))
            assert_string_equal(payment_detail_write(arena, &payment), other);
        other[i] = '\0';
        assert_false(payment_detail_read(arena, other, &payment));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_belongs_to_it_comes_back_as_it_went),
        cmocka_unit_test(test_a_final_state_stays),
        cmocka_unit_test(test_pages_by_cursor),
        cmocka_unit_test(test_a_damaged_detail_is_told),
        cmocka_unit_test(test_only_what_is_written_is_read),
    };
    return cmocka_run_group_tests_name("conformance_payment", tests, NULL, NULL);
}
