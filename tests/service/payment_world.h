/*
 * payment_world.h: a customer with a contract and a card, for tests of payments. Exports: struct
 * world and what acts on it.
 *
 * The channel is played by the test: work_once() prepares the due outbox items as the worker would
 * and hands each request to `world->channel`, whose answer is made true.
 */
#ifndef FENQI_TESTS_SERVICE_PAYMENT_WORLD_H
#define FENQI_TESTS_SERVICE_PAYMENT_WORLD_H

#include "../conformance/units.h"

#include "channel/channel.h"
#include "codec/vault.h"
#include "service/channel_task.h"
#include "service/settle_payment.h"
#include "service/take_payment.h"
#include "service/verify_books.h"

enum { ASKED_MAX = 64 };

struct world {
    struct database *database;
    struct vault vault;
    struct instant clock;
    int64_t customer_id, order_id, contract_id, card_id;
    struct payment_rails rails;
    /* plays the channel; NULL: everything is unknown */
    struct channel_answer (*channel)(struct world *world, const struct channel_request *request);
    size_t asked; /* requests so far, and what they were */
    enum channel_operation operations[ASKED_MAX];
    char numbers[ASKED_MAX][40];
    enum channel_state answer_state;
    enum channel_failure answer_failure;
};

int world_set_up(void **state);
int world_tear_down(void **state);

/* Another contract of the same customer: 3000 yuan in 3 instalments from `start` on. */
int64_t world_add_contract(struct world *world, struct day start, int64_t *order_id);
/* Another bound card. */
int64_t world_add_card(struct world *world, const char *tail);

void world_wait(struct world *world, int64_t seconds);
void world_set_date(struct world *world, struct day day);
struct day world_date(struct world *world);

/* Runs `function` in a unit with the moment of the world. */
typedef enum status (*world_function)(struct tx *tx, struct moment moment, void *context);
enum status world_run(struct world *world, world_function function, void *context);

/* take_payment with the defaults: PURPOSE_DUE over all orders, by card, the right amount. */
struct take_payment world_command(struct world *world);
struct take_payment_answer world_take(struct world *world, struct take_payment command);
/* What the purpose of `command` comes to now. */
struct money world_quote(struct world *world, const struct take_payment *command);

struct payment world_payment(struct world *world, int64_t payment_id);

/* One round of the channel worker over everything that is due; returns how many were asked. */
size_t work_once(struct world *world);

struct money world_balance(struct world *world);
void world_set_balance(struct world *world, struct money amount);
struct money world_left(struct world *world, int64_t contract_id);

/* What `fenqi verify` finds; it prints each difference. */
struct books_report world_verify(struct world *world);
/* It finds nothing, all debits equal all credits, every balance is the journal's. */
void world_check_books(struct world *world);
size_t world_live_count(struct world *world);

/* An answer with empty texts. */
struct channel_answer answer_of(enum channel_state state);

/* A channel that answers as the world says; success moves the request's amount. */
struct channel_answer world_play(struct world *world, const struct channel_request *request);

/* Tells a payment an answer beside the worker, as a notification or a late query does. */
enum settle_outcome world_tell(
    struct world *world, int64_t payment_id, struct channel_answer answer);

#endif
