/* payment_world.c: a customer with a contract and a card. See payment_world.h. */
#include "payment_world.h"

#include "../unit/cmocka_include.h"

#include "engine/encoding.h"
#include "ledger/trial_balance.h"
#include "service/find_or_create_customer.h"
#include "store/credit_balance.h"
#include "store/funding_source.h"
#include "store/journal.h"
#include "store/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct instant clock_of(void *context) {
    return ((struct world *)context)->clock;
}

struct run {
    struct world *world;
    world_function function;
    void *context;
};

static enum status run_unit(struct tx *tx, void *context) {
    struct run *run = context;
    struct moment moment;
    enum status status = tx_moment(tx, &moment);
    return status == STATUS_OK ? run->function(tx, moment, run->context) : status;
}

enum status world_run(struct world *world, world_function function, void *context) {
    struct run run = {world, function, context};
    struct fault fault = {0};
    enum status status = store_run(
        world->database->store, world->customer_id, world->database->arena, run_unit, &run, &fault);
    if (status != STATUS_OK)
        print_error("%s\n", fault.text);
    return status;
}

void world_wait(struct world *world, int64_t seconds) {
    world->clock = instant_add_seconds(world->clock, seconds);
}

static enum status date_unit(struct tx *tx, void *context) {
    return setting_save_business_date(tx, *(struct day *)context);
}

void world_set_date(struct world *world, struct day day) {
    run_ok(world->database, date_unit, &day);
    world->clock = instant_add_seconds(day_start(day, ZONE_SHANGHAI), 10 * 3600);
}

static enum status read_date(struct tx *tx, void *context) {
    return setting_business_date(tx, context);
}

struct day world_date(struct world *world) {
    struct day day;
    run_ok(world->database, read_date, &day);
    return day;
}

static enum status make_customer(struct tx *tx, struct moment moment, void *context) {
    struct world *world = context;
    struct customer *customer = ARENA_NEW(tx_arena(tx), struct customer);
    enum status status =
        find_or_create_customer(tx, moment, &world->vault, "19900000001", "张三", customer);
    world->customer_id = customer->customer_id;
    return status;
}

static struct terms terms_of(struct day start) {
    struct terms terms = terms_defaults();
    terms.method = METHOD_EQUAL_INSTALMENT;
    terms.principal = money_fen(300000);
    terms.instalment_count = 3;
    terms.annual_rate = (struct rate){120000000};
    terms.start_day = start;
    terms.penalty.daily_rate = (struct rate){500000};
    assert_int_equal(terms_validate(&terms), TERMS_OK);
    return terms;
}

struct new_contract {
    struct world *world;
    struct day start;
    int64_t order_id, contract_id;
};

static enum status make_contract(struct tx *tx, struct moment moment, void *context) {
    struct new_contract *made = context;
    struct arena *arena = tx_arena(tx);
    struct terms terms = terms_of(made->start);
    made->order_id = tx_new_id(tx, moment.now);
    made->contract_id = tx_new_id(tx, moment.now);
    struct order order = {
        .customer_id = made->world->customer_id,
        .order_id = made->order_id,
        .shop_id = 7,
        .shop_order_no = "S1",
        .product_code = "equal",
        .product_version = 1,
        .title = "手机",
        .goods = "[]",
        .amount = terms.principal,
        .state = ORDER_ACCEPTED,
        .placed_at = moment.now,
        .placed_on = made->start,
        .expires_at = moment.now,
        .accepted_at = moment.now,
        .contract_id = made->contract_id,
        .instalment_count = 3,
        .checkout_token = "token",
    };
    struct live_contract *contract = ARENA_NEW(arena, struct live_contract);
    contract->terms = terms;
    contract_new(&contract->state);
    uint8_t *bytes = arena_allocate(arena, TERMS_BYTES_MAX);
    struct stored_contract *stored = contract->stored = ARENA_NEW(arena, struct stored_contract);
    *stored = (struct stored_contract){
        .customer_id = order.customer_id,
        .contract_id = made->contract_id,
        .order_id = made->order_id,
        .terms = {bytes, terms_encode(&terms, bytes, TERMS_BYTES_MAX)},
        .accepted_items = INT32_MAX,
        .accepted_cost = terms.principal,
        .activated_on = made->start,
        .next_action_day = DAY_NONE,
        .oldest_unpaid_day = DAY_NONE,
        .last_event_day = made->start,
    };
    derive_contract_columns(arena, &terms, &contract->state, stored);
    stored->last_event_day = made->start;
    struct applied_event *applied;
    enum status status = order_insert(tx, &order);
    if (status == STATUS_OK)
        status = stored_contract_insert(tx, stored);
    if (status == STATUS_OK)
        status = apply_contract_event(tx, moment, contract,
            (struct contract_event){.kind = EVENT_ACTIVATED, .day = made->start}, made->order_id,
            &applied);
    if (status == STATUS_OK)
        assert_int_equal(applied->outcome, APPLY_OK);
    return status;
}

int64_t world_add_contract(struct world *world, struct day start, int64_t *order_id) {
    struct new_contract made = {.world = world, .start = start};
    assert_int_equal(world_run(world, make_contract, &made), STATUS_OK);
    if (order_id)
        *order_id = made.order_id;
    return made.contract_id;
}

struct new_card {
    struct world *world;
    const char *tail;
    int64_t id;
};

static enum status make_card(struct tx *tx, struct moment moment, void *context) {
    struct new_card *made = context;
    struct world *world = made->world;
    struct customer *customer = ARENA_NEW(tx_arena(tx), struct customer);
    struct customer_key key;
    bool found;
    enum status status = customer_load(tx, world->customer_id, customer, &found);
    if (status == STATUS_OK)
        status = customer_key_open(tx, &world->vault, customer, &key);
    if (status != STATUS_OK)
        return status;
    made->id = tx_new_id(tx, moment.now);
    uint8_t nonce[VAULT_NONCE_SIZE] = {1};
    struct funding_source source = {
        .customer_id = world->customer_id,
        .funding_source_id = made->id,
        .state = FUNDING_SOURCE_ACTIVE,
        .mode = CHANNEL_MODE_TEST,
        .bank_code = "CMB",
        .tail = made->tail,
        .card_hash = bytes_of_text(made->tail),
        .phone_masked = "199****0001",
        .protocol_sealed =
            customer_seal_text(&key, "funding.protocol", made->id, nonce, made->tail, tx_arena(tx)),
        .bind_state = BIND_DONE,
        .created_at = moment.now,
        .bound_at = moment.now,
    };
    return funding_source_insert(tx, &source);
}

int64_t world_add_card(struct world *world, const char *tail) {
    struct new_card made = {world, tail, 0};
    assert_int_equal(world_run(world, make_card, &made), STATUS_OK);
    return made.id;
}

/* The contract began on 2026-01-05; the books are at its first due day, 2026-02-05. */
int world_set_up(void **state) {
    struct world *world = calloc(1, sizeof *world);
    assert_true(vault_library_start());
    memset(world->vault.master_key, 7, sizeof world->vault.master_key);
    struct day start = day_from_civil(2026, 1, 5);
    world->clock = instant_add_seconds(day_start(start, ZONE_SHANGHAI), 10 * 3600);
    world->database =
        database_create(&(struct store_options){.clock = clock_of, .clock_context = world});
    world->rails = (struct payment_rails){CHANNEL_MODE_TEST, true, true};
    world_set_date(world, start);
    assert_int_equal(world_run(world, make_customer, world), STATUS_OK);
    world->contract_id = world_add_contract(world, start, &world->order_id);
    world->card_id = world_add_card(world, "6621");
    world_set_date(world, day_from_civil(2026, 2, 5));
    world->answer_state = CHANNEL_SUCCEEDED;
    *state = world;
    return 0;
}

int world_tear_down(void **state) {
    struct world *world = *state;
    database_destroy(world->database);
    free(world);
    return 0;
}

struct take_payment world_command(struct world *world) {
    return (struct take_payment){
        .customer_id = world->customer_id,
        .rails = world->rails,
        .purpose = {.kind = PURPOSE_DUE},
        .method = PAY_BY_BANK_CARD,
        .funding_source_id = world->card_id,
        .customer_ip = "203.0.113.7",
    };
}

struct quoting {
    const struct take_payment *command;
    struct payment_plan plan;
};

static enum status quote_it(struct tx *tx, struct moment moment, void *context) {
    struct quoting *quoting = context;
    return plan_payment(
        tx, moment, quoting->command->customer_id, &quoting->command->purpose, &quoting->plan);
}

struct money world_quote(struct world *world, const struct take_payment *command) {
    struct quoting quoting = {.command = command};
    assert_int_equal(world_run(world, quote_it, &quoting), STATUS_OK);
    return quoting.plan.amount;
}

struct taking {
    struct take_payment command;
    struct take_payment_answer answer;
};

static enum status take_it(struct tx *tx, struct moment moment, void *context) {
    struct taking *taking = context;
    take_payment_foresee(tx, &taking->command);
    enum status status = take_payment(tx, moment, &taking->command, &taking->answer);
    if (status == STATUS_OK && taking->answer.outcome != TAKE_PAYMENT_OK)
        tx_refuse(tx);
    return status;
}

struct take_payment_answer world_take(struct world *world, struct take_payment command) {
    struct taking taking = {.command = command};
    if (money_is_zero(command.expected))
        taking.command.expected = world_quote(world, &command);
    assert_int_equal(world_run(world, take_it, &taking), STATUS_OK);
    return taking.answer;
}

struct loading {
    int64_t customer_id, payment_id;
    struct payment *payment;
};

static enum status load_it(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct loading *loading = context;
    return payment_load(tx, loading->customer_id, loading->payment_id, &loading->payment);
}

struct payment world_payment(struct world *world, int64_t payment_id) {
    struct loading loading = {world->customer_id, payment_id, NULL};
    assert_int_equal(world_run(world, load_it, &loading), STATUS_OK);
    assert_non_null(loading.payment);
    return *loading.payment;
}

struct channel_answer answer_of(enum channel_state state) {
    return (struct channel_answer){
        .state = state,
        .provider_code = "",
        .provider_text = "",
        .reason_zh = "",
        .reason_en = "",
        .action_url = "",
        .transaction_id = "",
        .bind_ref = "",
        .protocol_no = "",
        .bank_code = "",
    };
}

/* One item on its way, as the worker does it. */
struct errand {
    struct world *world;
    const struct outbox_item *item;
    struct channel_task task;
    struct channel_answer answer;
};

static enum status prepare_it(struct tx *tx, struct moment moment, void *context) {
    struct errand *errand = context;
    return prepare_channel_task(tx, moment, &errand->world->vault, errand->item, &errand->task);
}

static enum status finish_it(struct tx *tx, struct moment moment, void *context) {
    struct errand *errand = context;
    return finish_channel_task(
        tx, moment, &errand->world->vault, errand->item, &errand->task, &errand->answer);
}

static enum status take_items(struct tx *tx, void *context) {
    return outbox_take(tx, OUTBOX_CHANNEL, tx_now(tx), 60, 32, context);
}

size_t work_once(struct world *world) {
    struct outbox_batch batch = {0};
    size_t before = world->asked;
    run_ok(world->database, take_items, &batch);
    for (size_t i = 0; i < batch.count; i++) {
        struct errand errand = {.world = world, .item = &batch.items[i]};
        assert_int_equal(world_run(world, prepare_it, &errand), STATUS_OK);
        if (!errand.task.needed)
            continue;
        const struct channel_request *request = &errand.task.request;
        assert_true(world->asked < ASKED_MAX);
        world->operations[world->asked] = request->operation;
        snprintf(world->numbers[world->asked], sizeof world->numbers[0], "%s",
            request->number ? request->number : "");
        world->asked++;
        errand.answer =
            world->channel ? world->channel(world, request) : answer_of(CHANNEL_UNKNOWN);
        assert_int_equal(world_run(world, finish_it, &errand), STATUS_OK);
    }
    return world->asked - before;
}

struct balance {
    int64_t customer_id;
    struct money amount;
};

static enum status load_balance(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct balance *balance = context;
    return credit_balance_load(tx, balance->customer_id, &balance->amount);
}

struct money world_balance(struct world *world) {
    struct balance balance = {world->customer_id, MONEY_ZERO};
    assert_int_equal(world_run(world, load_balance, &balance), STATUS_OK);
    return balance.amount;
}

/* Gives the customer money with its entry, as a goodwill credit. */
static enum status save_balance(struct tx *tx, struct moment moment, void *context) {
    struct balance *balance = context;
    struct entry entry;
    entry_begin(&entry, 0, 0, moment.business_date);
    entry_post(&entry, POSTING_RECEIVED_AS_GOODWILL, balance->amount);
    entry_post(&entry, POSTING_OVERPAID, balance->amount);
    return credit_account_post(tx, balance->customer_id, &entry, 1, moment.now);
}

void world_set_balance(struct world *world, struct money amount) {
    struct balance balance = {world->customer_id, amount};
    assert_int_equal(world_run(world, save_balance, &balance), STATUS_OK);
}

struct leaving {
    int64_t customer_id, contract_id;
    struct money left;
};

static enum status load_left(struct tx *tx, struct moment moment, void *context) {
    struct leaving *leaving = context;
    struct live_contract *contract;
    struct due_quote quote;
    enum status status = load_contract(tx, leaving->customer_id, leaving->contract_id, &contract);
    if (status != STATUS_OK)
        return status;
    quote_due(&contract->terms, &contract->state, moment.business_date, &quote);
    leaving->left = quote.left;
    return STATUS_OK;
}

struct money world_left(struct world *world, int64_t contract_id) {
    struct leaving leaving = {world->customer_id, contract_id, MONEY_ZERO};
    assert_int_equal(world_run(world, load_left, &leaving), STATUS_OK);
    return leaving.left;
}

static enum status load_trial(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    return journal_trial_balance(tx, context);
}

struct live {
    int64_t customer_id;
    size_t count;
};

static enum status load_live(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct live *live = context;
    struct live_collection *collections;
    return live_collection_list(tx, live->customer_id, &collections, &live->count);
}

size_t world_live_count(struct world *world) {
    struct live live = {world->customer_id, 0};
    assert_int_equal(world_run(world, load_live, &live), STATUS_OK);
    return live.count;
}

static enum status verify_it(struct tx *tx, struct moment moment, void *context) {
    (void)moment;
    struct books_page page;
    enum status status = verify_customers(tx, EVERY_CUSTOMER, BOOKS_ALL, &page);
    for (const struct difference *at = page.first; at != NULL; at = at->next)
        print_message("%s\n", at->text);
    *(struct books_report *)context = page.report;
    return status;
}

struct books_report world_verify(struct world *world) {
    struct books_report report;
    assert_int_equal(world_run(world, verify_it, &report), STATUS_OK);
    return report;
}

void world_check_books(struct world *world) {
    assert_int_equal(world_verify(world).differences, 0);
    struct trial_balance trial = {0};
    assert_int_equal(world_run(world, load_trial, &trial), STATUS_OK);
    assert_true(trial_balance_is_even(&trial));
    assert_int_equal(trial_balance_net(&trial, ACCOUNT_PAYMENT_CLEARING).fen, 0);
    assert_int_equal(trial_balance_net(&trial, ACCOUNT_UNMATCHED_RECEIPTS).fen, 0);
    assert_int_equal(
        -trial_balance_net(&trial, ACCOUNT_CUSTOMER_CREDIT).fen, world_balance(world).fen);
}

/* Answers as the world says: success moves the request's amount. */
struct channel_answer world_play(struct world *world, const struct channel_request *request) {
    struct channel_answer answer = answer_of(world->answer_state);
    answer.failure = world->answer_failure;
    if (answer.state == CHANNEL_SUCCEEDED) {
        answer.amount = request->amount;
        answer.transaction_id = "T1";
    }
    if (answer.state == CHANNEL_ACCEPTED)
        answer.action_url = "weixin://x?pr=1";
    return answer;
}

struct telling {
    int64_t customer_id, payment_id;
    struct channel_answer answer;
    enum settle_outcome outcome;
};

static enum status tell_it(struct tx *tx, struct moment moment, void *context) {
    struct telling *telling = context;
    struct payment *payment;
    enum status status = payment_load(tx, telling->customer_id, telling->payment_id, &payment);
    return status == STATUS_OK
               ? settle_payment(tx, moment, payment, &telling->answer, &telling->outcome)
               : status;
}

enum settle_outcome world_tell(
    struct world *world, int64_t payment_id, struct channel_answer answer) {
    struct telling telling = {world->customer_id, payment_id, answer, SETTLE_APPLIED};
    assert_int_equal(world_run(world, tell_it, &telling), STATUS_OK);
    return telling.outcome;
}
