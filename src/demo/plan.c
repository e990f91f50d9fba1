/*
 * plan.c: who of the demo does what on which day. See plan.h.
 */
#include "demo/plan.h"

#include "base/check.h"
#include "engine/terms.h"

#include <stdio.h>
#include <string.h>

enum { ORDERS_EACH = 3, ORDERS_EACH_MOST = 5, EARLIEST_ORDER = 5, LATEST_ORDER = DEMO_DAYS - 1 };

const int32_t demo_counts[5] = {3, 6, 9, 12, 24};

const struct demo_product demo_products[] = {
    {"equal-1440", "等额本息 14.40%", "Equal instalments, 14.40% a year", METHOD_EQUAL_INSTALMENT,
        {INT64_C(144000000)}, {{0}, {0}, {0}, {0}, {0}}},
    {"free", "免息分期", "Interest-free instalments", METHOD_INTEREST_FREE, {0},
        {{0}, {0}, {0}, {0}, {0}}},
    {"fee-060", "按期手续费", "Fee each period", METHOD_FEE_PER_PERIOD, {0},
        {{7400000}, {6500000}, {6200000}, {6000000}, {6000000}}},
};
const size_t demo_product_count = sizeof demo_products / sizeof demo_products[0];

void demo_plan_add(struct arena *arena, struct demo_plan *plan, int32_t day,
    enum demo_action_kind kind, int32_t index) {
    if (day < 0 || day > DEMO_DAYS) {
        return;
    }
    struct demo_action *action = ARENA_NEW(arena, struct demo_action);
    *action = (struct demo_action){kind, index, NULL};
    *plan->ends[day] = action;
    plan->ends[day] = &action->next;
}

static char luhn_digit(const char *digits, size_t length) {
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = digits[length - 1 - i] - '0';
        if (i % 2 == 0) {
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        sum += digit;
    }
    return (char)('0' + (10 - sum % 10) % 10);
}

/* A card of the sandbox's range with plenty of money. */
static const char *card_number(struct arena *arena, int32_t person) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "629999000000%03d", person % 1000);
    digits[length] = luhn_digit(digits, (size_t)length);
    digits[length + 1] = '\0';
    return arena_text(arena, digits);
}

/* Well-formed and nobody's: no area has the code 990000. */
static const char *identity_number(struct arena *arena, struct dice *dice) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    char text[24];
    snprintf(text, sizeof text, "990000%04d%02d%02d%03d", dice_between(dice, 1960, 2004),
        dice_between(dice, 1, 12), dice_between(dice, 1, 28), dice_between(dice, 0, 999));
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        sum += (text[i] - '0') * weights[i];
    }
    text[17] = checks[sum % 11];
    text[18] = '\0';
    return arena_text(arena, text);
}

static void make_person(
    struct arena *arena, struct demo_person *person, int32_t index, struct dice *dice) {
    person->role = index < DEMO_CROWD ? (enum demo_role)index : DEMO_CROWD;
    person->phone = arena_printf(arena, "199%08d", index + 1);
    person->name = arena_printf(arena, "%s%s",
        demo_surnames[dice_between(dice, 0, (int32_t)demo_surnames_count - 1)],
        demo_given_names[dice_between(dice, 0, (int32_t)demo_given_names_count - 1)]);
    bool card = person->role == DEMO_FINE || (person->role == DEMO_CROWD && dice_chance(dice, 40));
    if (card) {
        person->card_number = card_number(arena, index);
        person->identity_number = identity_number(arena, dice);
        person->autopay = person->role == DEMO_FINE || dice_chance(dice, 85);
    }
}

static void choose_goods(struct demo_order *order, struct dice *dice) {
    order->lines[0] = &demo_goods[dice_between(dice, 0, (int32_t)demo_goods_count - 1)];
    order->line_count = 1;
    while (order->line_count < DEMO_LINES_MAX && dice_chance(dice, 25)) {
        order->lines[order->line_count++] =
            &demo_extras[dice_between(dice, 0, (int32_t)demo_extras_count - 1)];
    }
}

static struct demo_order *add_order(struct demo_plan *plan, int32_t person, struct dice *dice) {
    struct demo_order *order = &plan->orders[plan->order_count++];
    order->person = person;
    order->product = dice_between(dice, 0, (int32_t)demo_product_count - 1);
    order->instalment_count = demo_counts[dice_between(dice, 0, 4)];
    if (demo_products[order->product].method == METHOD_INTEREST_FREE) {
        order->instalment_count = demo_counts[dice_between(dice, 0, 3)];
    }
    choose_goods(order, dice);
    return order;
}

/*
 * The order's day that puts the due day of an instalment on `due`, `months` or more before it.
 * Month ends may not hit it: then one month more.
 */
static int32_t day_for_due(const struct demo_plan *plan, struct day due, int32_t *months) {
    for (;; (*months)++) {
        struct day start = day_add_months(due, -*months);
        if (day_compare(day_add_months(start, *months), due) == 0) {
            return days_between(plan->first, start);
        }
    }
}

/* One order whose `months`th instalment is due `days` before the last day and is not paid. */
static void add_open_order(
    struct demo_plan *plan, int32_t person, int32_t days, int32_t months, struct dice *dice) {
    struct demo_order *order = add_order(plan, person, dice);
    order->product = 0;
    order->instalment_count = 12;
    order->habit = DEMO_STOPS;
    order->day = day_for_due(plan, day_add(plan->last, -days), &months);
    order->paid_count = months - 1;
}

static void add_shown_orders(struct demo_plan *plan, int32_t person, struct dice *dice) {
    struct demo_order *order;
    switch (plan->persons[person].role) {
    case DEMO_FINE:
        for (int32_t i = 0; i < 3; i++) {
            order = add_order(plan, person, dice);
            order->habit = DEMO_AUTOPAY;
            order->product = i;
            order->instalment_count = i == 1 ? 3 : 12;
            order->day = i == 1 ? DEMO_DAYS - 150 : DEMO_DAYS - 200 + i * 21;
        }
        return;
    case DEMO_DUE_TODAY:
        add_open_order(plan, person, 0, 4, dice);
        add_open_order(plan, person, -6, 2, dice);
        return;
    case DEMO_OVERDUE_3:
        add_open_order(plan, person, 3, 5, dice);
        return;
    case DEMO_OVERDUE_20:
        add_open_order(plan, person, 20, 3, dice);
        return;
    case DEMO_OVERDUE_95:
        add_open_order(plan, person, 95, 4, dice);
        return;
    case DEMO_REFUNDED:
        order = add_order(plan, person, dice);
        order->day = DEMO_DAYS - 70;
        order->habit = DEMO_IN_TIME;
        order->refund_percent = 100;
        order = add_order(plan, person, dice);
        order->day = DEMO_DAYS - 40;
        order->habit = DEMO_IN_TIME;
        order->instalment_count = 6;
        order->refund_percent = 30;
        return;
    case DEMO_SETTLED:
        order = add_order(plan, person, dice);
        order->day = DEMO_DAYS - 300;
        order->instalment_count = 6;
        order->habit = DEMO_IN_TIME;
        order = add_order(plan, person, dice);
        order->day = DEMO_DAYS - 120;
        order->instalment_count = 12;
        order->habit = DEMO_SETTLES;
        order->paid_count = 2;
        return;
    case DEMO_PENDING:
        order = add_order(plan, person, dice);
        order->day = DEMO_DAYS;
        order->habit = DEMO_NEVER_ACCEPTS;
        return;
    case DEMO_CROWD:
        break;
    }
    check(false);
}

static void add_crowd_order(struct demo_plan *plan, int32_t person, struct dice *dice) {
    struct demo_order *order = add_order(plan, person, dice);
    order->day = dice_between(dice, EARLIEST_ORDER, LATEST_ORDER);
    order->paid_count = dice_between(dice, 0, order->instalment_count - 1);
    int32_t throw = dice_between(dice, 1, 100);
    if (plan->persons[person].autopay && throw <= 90) {
        order->habit = DEMO_AUTOPAY;
    } else if (throw <= 62) {
        order->habit = DEMO_IN_TIME;
    } else if (throw <= 78) {
        order->habit = DEMO_LATE;
    } else if (throw <= 86) {
        order->habit = DEMO_SETTLES;
    } else if (throw <= 91) {
        order->habit = DEMO_CURES;
    } else if (throw <= 96) {
        order->habit = DEMO_STOPS;
    } else {
        order->habit = DEMO_NEVER_ACCEPTS;
    }
    if (dice_chance(dice, 4)) {
        order->refund_percent = dice_chance(dice, 60) ? 100 : dice_between(dice, 10, 60);
    }
}

/* The customer is there before the first order: registered that day, with a card if any. */
static void add_arrivals(struct arena *arena, struct demo_plan *plan) {
    for (int32_t person = 0; person < plan->person_count; person++) {
        int32_t first = DEMO_DAYS;
        for (int32_t i = 0; i < plan->order_count; i++) {
            if (plan->orders[i].person == person && plan->orders[i].day < first) {
                first = plan->orders[i].day;
            }
        }
        demo_plan_add(arena, plan, first, DEMO_REGISTER, person);
        if (plan->persons[person].card_number != NULL) {
            demo_plan_add(arena, plan, first, DEMO_BIND, person);
        }
    }
}

/* When the customer pays by hand: from the order's due days and habit. */
static void add_payments(
    struct arena *arena, struct demo_plan *plan, int32_t index, struct dice *dice) {
    const struct demo_order *order = &plan->orders[index];
    struct day start = day_add(plan->first, order->day);
    bool all = order->habit == DEMO_IN_TIME || order->habit == DEMO_LATE;
    int32_t count = all ? order->instalment_count : order->paid_count;
    if (order->habit == DEMO_AUTOPAY || order->habit == DEMO_NEVER_ACCEPTS) {
        return;
    }
    int32_t due = order->day;
    for (int32_t number = 1; number <= count; number++) {
        due = days_between(plan->first, day_add_months(start, number));
        bool late = order->habit == DEMO_LATE && dice_chance(dice, 30);
        int32_t when = late ? due + dice_between(dice, 1, 12) : due - dice_between(dice, 0, 2);
        if (when < DEMO_DAYS) { /* nobody has paid yet on the last day */
            demo_plan_add(arena, plan, when, DEMO_PAY, index);
        }
    }
    if (order->habit == DEMO_SETTLES && due + 9 < DEMO_DAYS) {
        demo_plan_add(arena, plan, due + dice_between(dice, 3, 9), DEMO_SETTLE, index);
    }
    if (order->habit == DEMO_CURES && due + 100 < DEMO_DAYS) {
        demo_plan_add(arena, plan, due + dice_between(dice, 40, 99), DEMO_PAY, index);
    }
}

struct demo_plan *demo_plan_make(
    struct arena *arena, int32_t customers, struct day last, uint64_t seed) {
    check(customers >= DEMO_SHOWN);
    struct dice dice = {seed};
    struct demo_plan *plan = ARENA_NEW(arena, struct demo_plan);
    plan->last = last;
    plan->first = day_add(last, -DEMO_DAYS);
    for (int32_t day = 0; day <= DEMO_DAYS; day++) {
        plan->ends[day] = &plan->days[day];
    }
    plan->person_count = customers;
    plan->persons = ARENA_ARRAY(arena, (size_t)customers, struct demo_person);
    plan->orders = ARENA_ARRAY(arena, (size_t)customers * ORDERS_EACH_MOST, struct demo_order);
    for (int32_t i = 0; i < customers; i++) {
        make_person(arena, &plan->persons[i], i, &dice);
        if (plan->persons[i].role != DEMO_CROWD) {
            add_shown_orders(plan, i, &dice);
            continue;
        }
        int32_t orders = dice_between(&dice, ORDERS_EACH - 2, ORDERS_EACH_MOST);
        for (int32_t n = 0; n < orders; n++) {
            add_crowd_order(plan, i, &dice);
        }
    }
    add_arrivals(arena, plan);
    for (int32_t i = 0; i < plan->order_count; i++) {
        struct demo_order *order = &plan->orders[i];
        snprintf(order->shop_order_no, sizeof order->shop_order_no, "SS%06d", i + 1);
        demo_plan_add(arena, plan, order->day, DEMO_ORDER, i);
        add_payments(arena, plan, i, &dice);
        if (order->refund_percent > 0) {
            demo_plan_add(arena, plan, order->day + dice_between(&dice, 35, 45), DEMO_REFUND, i);
        }
        if (order->habit == DEMO_STOPS && order->person % 3 == 0) {
            demo_plan_add(arena, plan, DEMO_DAYS - dice_between(&dice, 0, 1), DEMO_EXTEND, i);
        }
    }
    demo_plan_add(arena, plan, DEMO_DAYS, DEMO_CHAT, DEMO_OVERDUE_20);
    demo_plan_add(arena, plan, DEMO_DAYS, DEMO_CHAT, DEMO_REFUNDED);
    return plan;
}
