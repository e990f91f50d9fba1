/*
 * actions.c: the plan's actions by the real use cases. Exports what loader.h declares of it.
 */
#include "base/check.h"
#include "codec/password.h"
#include "demo/loader.h"
#include "service/accept_checkout.h"
#include "service/bind_card.h"
#include "service/chat.h"
#include "service/cost_table.h"
#include "service/create_order.h"
#include "service/extension.h"
#include "service/find_or_create_customer.h"
#include "service/load_autopay.h"
#include "service/log_in.h"
#include "service/one_time_codes.h"
#include "service/refund_order.h"
#include "service/set_autopay.h"
#include "service/take_payment.h"
#include "store/credit_balance.h"

enum { SECONDS_BETWEEN_ACTIONS = 20 };

static const char *const return_url = "https://shop.example/orders";

/* A use case of the plan said no: the plan is wrong, or the use case is. */
static enum status refused(struct tx *tx, const char *what, int outcome) {
    return fault_set(tx_fault(tx), STATUS_CORRUPT, "demo: %s was refused (%d)", what, outcome);
}

static enum status register_person(
    struct tx *tx, struct loader *loader, struct moment moment, struct demo_person *person) {
    struct send_code_answer sent;
    const struct vault *vault = loader->options->vault;
    enum status status = send_code(tx, moment, vault, person->phone, CODE_REGISTER, &sent);
    if (status != STATUS_OK) {
        return status;
    }
    struct register_customer command = {
        .phone = person->phone,
        .code = sent.code,
        .password_hash = loader->password_hash,
        .name = person->name,
        .accepted_terms = true,
        .place = {"Chrome · Android", "203.0.113.*"},
    };
    struct log_in_answer answer;
    status = register_customer(tx, moment, vault, &command, &answer);
    if (status == STATUS_OK && answer.outcome != LOG_IN_OK) {
        status = refused(tx, "registering", (int)answer.outcome);
    }
    person->customer_id = answer.customer_id;
    return status;
}

/* Binds the card by SMS and, when the person wants it, switches automatic repayment on. */
static enum status bind_person(
    struct tx *tx, struct loader *loader, int32_t day, struct demo_person *person) {
    const struct vault *vault = loader->options->vault;
    struct bind_card command = {
        .customer_id = person->customer_id,
        .vault = vault,
        .rails = loader->rails,
        .card_number = person->card_number,
        .name = person->name,
        .identity_number = person->identity_number,
        .phone = person->phone,
    };
    struct bind_card_answer answer;
    enum status status = bind_card(tx, loader_moment(loader, day), &command, &answer);
    if (status == STATUS_OK && answer.outcome != BIND_CARD_OK) {
        return refused(tx, "binding a card", (int)answer.outcome);
    }
    if (status == STATUS_OK) {
        person->funding_source_id = answer.source->funding_source_id;
        status = work_outbox(tx, loader, day);
    }
    enum confirm_card_outcome confirmed = CONFIRM_CARD_OK;
    if (status == STATUS_OK) {
        status = confirm_card(tx, loader_moment(loader, day), vault, person->customer_id,
            person->funding_source_id, "246813", &confirmed);
    }
    if (status == STATUS_OK && confirmed != CONFIRM_CARD_OK) {
        return refused(tx, "confirming a card", (int)confirmed);
    }
    if (status == STATUS_OK) {
        status = work_outbox(tx, loader, day);
    }
    if (status != STATUS_OK || !person->autopay) {
        return status;
    }
    struct set_autopay autopay = {
        .customer_id = person->customer_id,
        .mode = loader->rails.mode,
        .enabled = true,
        .source_ids = &person->funding_source_id,
        .source_count = 1,
        .consent_version = AUTOPAY_CONSENT_VERSION,
    };
    enum set_autopay_outcome set;
    status = set_autopay(tx, loader_moment(loader, day), &autopay, &set);
    return status == STATUS_OK && set != SET_AUTOPAY_OK
               ? refused(tx, "switching automatic repayment on", (int)set)
               : status;
}

/* The hash of the cost table that the checkout page would show for the order's choice. */
static enum status shown_hash(struct tx *tx, struct moment moment, const struct order *order,
    int32_t instalment_count, const char **hash) {
    struct product *product;
    *hash = NULL;
    enum status status = product_load(tx, order->product_code, order->product_version, &product);
    for (size_t i = 0; status == STATUS_OK && i < product->term_count; i++) {
        if (product->terms_on_offer[i].instalment_count == instalment_count) {
            struct terms terms;
            bool valid;
            status =
                offer_terms(tx, product, order->amount, i, moment.business_date, &terms, &valid);
            if (status == STATUS_OK && valid) {
                *hash = cost_table_build(tx_arena(tx), product, &terms).hash;
            }
        }
    }
    return status;
}

static enum status accept_order(struct tx *tx, struct loader *loader, struct moment moment,
    const struct demo_order *planned, const struct order *order) {
    const char *hash;
    enum status status = shown_hash(tx, moment, order, planned->instalment_count, &hash);
    if (status == STATUS_OK && hash == NULL) {
        return refused(tx, "offering instalments", planned->instalment_count);
    }
    struct accept_checkout command = {
        .token = order->checkout_token,
        .customer_id = order->customer_id,
        .instalment_count = planned->instalment_count,
        .cost_table_hash = hash,
        .read_ms = READING_LEAST_MS + dice_between(&loader->dice, 500, 40000),
    };
    struct accept_checkout_answer answer;
    if (status == STATUS_OK) {
        status = accept_checkout(tx, moment, &command, &answer);
    }
    if (status == STATUS_OK && answer.outcome != ACCEPT_CHECKOUT_OK) {
        status = refused(tx, "accepting", (int)answer.outcome);
    }
    loader->result->contracts++;
    return status;
}

static enum status place_order(
    struct tx *tx, struct loader *loader, struct moment moment, struct demo_order *planned) {
    struct order_line lines[DEMO_LINES_MAX];
    struct create_order command = {
        .vault = loader->options->vault,
        .shop_id = loader->shop_id,
        .shop_order_no = planned->shop_order_no,
        .phone = loader->plan->persons[planned->person].phone,
        .lines = lines,
        .line_count = (size_t)planned->line_count,
        .product_code = demo_products[planned->product].code,
        .return_url = return_url,
    };
    for (int32_t i = 0; i < planned->line_count; i++) {
        lines[i] = (struct order_line){planned->lines[i]->name, 1, planned->lines[i]->price};
        command.amount = money_add(command.amount, planned->lines[i]->price);
    }
    struct create_order_answer answer;
    enum status status = create_order(tx, moment, &command, &answer);
    if (status == STATUS_OK && answer.outcome != CREATE_ORDER_OK) {
        status = refused(tx, "an order", (int)answer.outcome);
    }
    if (status != STATUS_OK) {
        return status;
    }
    loader->result->orders++;
    planned->order_id = answer.order->order_id;
    if (planned->habit == DEMO_NEVER_ACCEPTS) {
        return STATUS_OK;
    }
    return accept_order(tx, loader, moment, planned, answer.order);
}

/* What the person pays with: the balance when it is enough, the card, or WeChat. */
static enum status choose_method(struct tx *tx, struct loader *loader,
    const struct demo_person *person, struct take_payment *command) {
    struct money balance;
    enum status status = credit_balance_load(tx, person->customer_id, &balance);
    bool card = person->funding_source_id != 0 && dice_chance(&loader->dice, 70);
    if (money_compare(balance, command->expected) >= 0) {
        command->method = PAY_BY_CREDIT_BALANCE;
    } else if (card) {
        command->method = PAY_BY_BANK_CARD;
        command->funding_source_id = person->funding_source_id;
    } else {
        command->method = PAY_BY_WECHAT_NATIVE;
    }
    return status;
}

/*
 * Pays what the order owes (or settles it). Nothing when nothing is owed: a refund or automatic
 * repayment was there first.
 */
static enum status pay_order(
    struct tx *tx, struct loader *loader, int32_t day, struct demo_order *planned, bool settle) {
    const struct demo_person *person = &loader->plan->persons[planned->person];
    struct take_payment command = {
        .customer_id = person->customer_id,
        .rails = loader->rails,
        .purpose = {.kind = settle ? PURPOSE_SETTLE : PURPOSE_DUE,
            .order_ids = &planned->order_id,
            .order_count = 1},
        .customer_ip = "203.0.113.7",
    };
    struct moment moment = loader_moment(loader, day);
    struct payment_plan plan = {0};
    enum status status = plan_payment(tx, moment, person->customer_id, &command.purpose, &plan);
    if (status != STATUS_OK || plan.outcome != PLAN_OK) {
        return status;
    }
    command.expected = plan.amount;
    status = choose_method(tx, loader, person, &command);
    struct take_payment_answer answer;
    if (status == STATUS_OK) {
        status = take_payment(tx, moment, &command, &answer);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (answer.outcome == TAKE_PAYMENT_IN_PROGRESS) {
        return STATUS_OK;
    }
    if (answer.outcome != TAKE_PAYMENT_OK) {
        return refused(tx, "a payment", (int)answer.outcome);
    }
    loader->result->payments++;
    status = work_outbox(tx, loader, day);
    struct payment *payment;
    if (status == STATUS_OK) {
        status = payment_load(tx, person->customer_id, answer.payment->payment_id, &payment);
    }
    if (status == STATUS_OK && payment->state == PAYMENT_FAILED) {
        int32_t index = (int32_t)(planned - loader->plan->orders);
        enum demo_action_kind kind = settle ? DEMO_SETTLE : DEMO_PAY;
        demo_plan_add(loader->arena, loader->plan, day + 1, kind, index); /* tries again */
    }
    return status;
}

static enum status refund_goods(
    struct tx *tx, struct loader *loader, struct moment moment, const struct demo_order *planned) {
    if (planned->habit == DEMO_NEVER_ACCEPTS) {
        return STATUS_OK;
    }
    struct money price = MONEY_ZERO;
    for (int32_t i = 0; i < planned->line_count; i++) {
        price = money_add(price, planned->lines[i]->price);
    }
    struct refund_order command = {
        .shop_id = loader->shop_id,
        .shop_order_no = planned->shop_order_no,
        .shop_refund_no = arena_printf(tx_arena(tx), "RF%s", planned->shop_order_no),
        .amount = money_scale(price, planned->refund_percent, 100, ROUND_HALF_UP),
        .reason = planned->refund_percent == 100 ? "七天无理由退货" : "部分商品退回",
    };
    struct refund_order_answer answer;
    enum status status = refund_order(tx, moment, &command, &answer);
    if (status == STATUS_OK && answer.outcome != REFUND_ORDER_OK) {
        status = refused(tx, "a refund", (int)answer.outcome);
    }
    loader->result->refunds++;
    return status;
}

/* Asks for the shortest extension on offer; nothing when there is none. */
static enum status ask_extension(
    struct tx *tx, struct loader *loader, struct moment moment, const struct demo_order *planned) {
    int64_t customer_id = loader->plan->persons[planned->person].customer_id;
    struct order *order;
    enum status status = order_load(tx, customer_id, planned->order_id, &order);
    struct live_contract *contract = NULL;
    if (status == STATUS_OK && order != NULL && order->contract_id != 0) {
        status = load_contract(tx, customer_id, order->contract_id, &contract);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (contract == NULL) {
        return STATUS_OK;
    }
    struct extension_subject subject = {order->contract_id, &contract->terms, &contract->state};
    struct extension_offer offer;
    make_extension_offer(&subject, moment.business_date, NULL, 0, &offer);
    if (offer.reason != EXTENSION_POSSIBLE) {
        return STATUS_OK;
    }
    const struct extension_choice *choice = &offer.choices[0];
    struct request_extension command = {
        .customer_id = customer_id,
        .order_id = planned->order_id,
        .instalment_number = choice->instalment_number,
        .days = choice->days,
        .expected_cost = choice->cost,
        .reason = "这个月工资晚发，下周可以还清",
    };
    struct request_extension_answer answer;
    return request_extension(tx, moment, &command, &answer);
}

/* A question that waits for an answer in the console's inbox. */
static enum status ask_staff(
    struct tx *tx, struct loader *loader, struct moment moment, const struct demo_person *person) {
    bool overdue = person->role == DEMO_OVERDUE_20;
    struct send_chat_message command = {
        .customer_id = person->customer_id,
        .sender = CHAT_CUSTOMER,
        .client_id = "demo-question-0001",
        .text = overdue ? "你好，这个月工资晚发，可以先还一部分吗？"
                        : "退货的钱已经到余额了，怎么用它还下一期？",
    };
    struct send_chat_answer answer;
    return send_chat_message(tx, moment, loader->options->vault, &command, &answer);
}

enum status perform_action(
    struct tx *tx, struct loader *loader, int32_t day, const struct demo_action *action) {
    loader->options->now->us += SECONDS_BETWEEN_ACTIONS * US_PER_SECOND;
    struct moment moment = loader_moment(loader, day);
    struct demo_person *persons = loader->plan->persons;
    struct demo_order *orders = loader->plan->orders;
    switch (action->kind) {
    case DEMO_REGISTER:
        return register_person(tx, loader, moment, &persons[action->index]);
    case DEMO_BIND:
        return bind_person(tx, loader, day, &persons[action->index]);
    case DEMO_ORDER:
        return place_order(tx, loader, moment, &orders[action->index]);
    case DEMO_PAY:
        return pay_order(tx, loader, day, &orders[action->index], false);
    case DEMO_SETTLE:
        return pay_order(tx, loader, day, &orders[action->index], true);
    case DEMO_REFUND:
        return refund_goods(tx, loader, moment, &orders[action->index]);
    case DEMO_EXTEND:
        return ask_extension(tx, loader, moment, &orders[action->index]);
    case DEMO_CHAT:
        return ask_staff(tx, loader, moment, &persons[action->index]);
    }
    check(false);
    return STATUS_CORRUPT;
}
