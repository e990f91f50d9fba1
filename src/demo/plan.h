/*
 * plan.h: who of the demo does what on which day. Exports: struct demo_person, struct demo_order,
 * struct demo_action, struct demo_plan, demo_plan_make(), the products of the demo shop.
 *
 * Pure and repeatable: the same seed, number of customers and last day give the same plan. The
 * loader performs it through the real use cases.
 */
#ifndef FENQI_DEMO_PLAN_H
#define FENQI_DEMO_PLAN_H

#include "base/arena.h"
#include "base/day.h"
#include "demo/catalogue.h"
#include "demo/dice.h"

enum { DEMO_DAYS = 460, DEMO_LINES_MAX = 3, DEMO_SHOWN = 8 };

/* Who the first customers are; the others are a crowd. */
enum demo_role {
    DEMO_FINE, /* pays by autopay, one order settled */
    DEMO_DUE_TODAY,
    DEMO_OVERDUE_3,
    DEMO_OVERDUE_20,
    DEMO_OVERDUE_95,
    DEMO_REFUNDED,
    DEMO_SETTLED,
    DEMO_PENDING, /* has an order to accept */
    DEMO_CROWD,
};

struct demo_person {
    enum demo_role role;
    const char *phone;
    const char *name;
    const char *card_number; /* NULL: has none */
    const char *identity_number;
    bool autopay;
    /* filled by the loader */
    int64_t customer_id;
    int64_t funding_source_id;
};

/* How an order's instalments are paid. */
enum demo_habit {
    DEMO_IN_TIME, /* on the due day or a little before */
    DEMO_LATE,    /* now and then some days late */
    DEMO_STOPS,   /* stops after `paid_count` instalments */
    DEMO_CURES,   /* stops, and pays everything overdue weeks later */
    DEMO_AUTOPAY, /* by the day-end alone */
    DEMO_SETTLES, /* early, after `paid_count` instalments */
    DEMO_NEVER_ACCEPTS,
};

struct demo_order {
    int32_t person;
    int32_t day; /* since the plan's first day */
    int32_t product;
    int32_t instalment_count;
    enum demo_habit habit;
    int32_t paid_count;
    int32_t refund_percent; /* 0: none; of the price, some days later */
    int32_t line_count;
    const struct demo_goods *lines[DEMO_LINES_MAX];
    /* filled by the loader */
    int64_t order_id;
    char shop_order_no[24];
};

enum demo_action_kind {
    DEMO_REGISTER, /* index: person */
    DEMO_BIND,     /* index: person */
    DEMO_ORDER,    /* index: order: the shop orders, the customer accepts */
    DEMO_PAY,      /* index: order: what is due or overdue of it */
    DEMO_SETTLE,   /* index: order */
    DEMO_REFUND,   /* index: order */
    DEMO_EXTEND,   /* index: order: asks for an extension */
    DEMO_CHAT,     /* index: person: asks a question; nobody has answered yet */
};

struct demo_action {
    enum demo_action_kind kind;
    int32_t index;
    struct demo_action *next;
};

struct demo_plan {
    struct day first, last;
    int32_t person_count;
    struct demo_person *persons;
    int32_t order_count;
    struct demo_order *orders;
    struct demo_action *days[DEMO_DAYS + 1]; /* what happens, in order */
    struct demo_action **ends[DEMO_DAYS + 1];
};

/* A product of the demo shop and its rates by number of instalments. */
struct demo_product {
    const char *code;
    const char *name_zh, *name_en;
    int32_t method; /* enum method of the engine */
    struct rate annual_rate;
    struct rate fee_rates[5]; /* of 3, 6, 9, 12 and 24 instalments; 0 without fee */
};
extern const struct demo_product demo_products[];
extern const size_t demo_product_count;
extern const int32_t demo_counts[5];

/* The plan that ends on `last`. At least DEMO_SHOWN customers. */
struct demo_plan *demo_plan_make(
    struct arena *arena, int32_t customers, struct day last, uint64_t seed);

/* Adds an action at the end of a day; nothing when the day is outside the plan. */
void demo_plan_add(struct arena *arena, struct demo_plan *plan, int32_t day,
    enum demo_action_kind kind, int32_t index);

#endif
