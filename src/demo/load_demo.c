/*
 * load_demo.c: makes the demo shop and its past. See load_demo.h.
 */
#include "demo/load_demo.h"

#include "base/check.h"
#include "codec/password.h"
#include "demo/loader.h"
#include "demo/stand_in.h"
#include "service/channel_task.h"
#include "service/close_contract_day.h"
#include "service/expire_orders.h"
#include "store/day_end.h"
#include "store/outbox.h"
#include "store/setting.h"

#include <inttypes.h>

enum {
    DAYS_A_UNIT = 10, /* committed together */
    LEASE_S = 600,
    ITEMS_AT_ONCE = 200,
    ROUNDS_MOST = 40,
    MORNING_S = 9 * 3600,
    DAY_S = 12 * 3600,
    EVENING_S = 19 * 3600,
    CONTRACTS_AT_ONCE = 5000,
};

struct instant demo_clock(void *now) {
    return *(struct instant *)now;
}

struct moment loader_moment(const struct loader *loader, int32_t day) {
    return (struct moment){*loader->options->now, day_add(loader->plan->first, day)};
}

void loader_set_clock(const struct loader *loader, int32_t day, int32_t second_of_day) {
    struct instant start = day_start(day_add(loader->plan->first, day), ZONE_SHANGHAI);
    struct instant wanted = instant_add_seconds(start, second_of_day);
    if (instant_compare(*loader->options->now, wanted) < 0) {
        *loader->options->now = wanted;
    }
}

static bool is_binding(enum channel_operation operation) {
    return operation == CHANNEL_BIND_START || operation == CHANNEL_BIND_CONFIRM ||
           operation == CHANNEL_BIND_QUERY;
}

/*
 * Cards are bound at the real sandbox when there is one, so that they can be charged later. That
 * this waits for a network inside a transaction harms nobody: no one else uses the database yet.
 */
static enum status answer_task(struct tx *tx, struct loader *loader,
    const struct channel_task *task, struct channel_answer *answer) {
    const struct demo_options *options = loader->options;
    if (options->channels != NULL && is_binding(task->request.operation)) {
        return channel_perform(options->channels, tx_arena(tx), &task->request, options->real_now,
            answer, tx_fault(tx));
    }
    stand_in_perform(tx_arena(tx), &loader->dice, &task->request, *options->now, answer);
    return STATUS_OK;
}

static enum status work_item(
    struct tx *tx, struct loader *loader, int32_t day, const struct outbox_item *item) {
    struct channel_task task;
    struct channel_answer answer;
    const struct vault *vault = loader->options->vault;
    enum status status = prepare_channel_task(tx, loader_moment(loader, day), vault, item, &task);
    if (status != STATUS_OK || !task.needed) {
        return status;
    }
    status = answer_task(tx, loader, &task, &answer);
    return status == STATUS_OK
               ? finish_channel_task(tx, loader_moment(loader, day), vault, item, &task, &answer)
               : status;
}

enum status work_outbox(struct tx *tx, struct loader *loader, int32_t day) {
    for (int round = 0; round < ROUNDS_MOST; round++) {
        struct outbox_batch batch;
        enum status status =
            outbox_take(tx, OUTBOX_CHANNEL, *loader->options->now, LEASE_S, ITEMS_AT_ONCE, &batch);
        for (size_t i = 0; status == STATUS_OK && i < batch.count; i++) {
            status = work_item(tx, loader, day, &batch.items[i]);
        }
        if (status != STATUS_OK || batch.count == 0) {
            return status;
        }
        loader->options->now->us += 15 * US_PER_SECOND;
    }
    return STATUS_OK;
}

/* The shop was listening all the time. */
static enum status drop_webhooks(struct tx *tx, const struct loader *loader) {
    for (;;) {
        struct outbox_batch batch;
        enum status status =
            outbox_take(tx, OUTBOX_WEBHOOK, *loader->options->now, LEASE_S, ITEMS_AT_ONCE, &batch);
        for (size_t i = 0; status == STATUS_OK && i < batch.count; i++) {
            bool ours;
            status = outbox_finish(tx, &batch.items[i], &ours);
        }
        if (status != STATUS_OK || batch.count == 0) {
            return status;
        }
    }
}

/* The day-end's steps for every contract that has something to do. */
static enum status close_day(struct tx *tx, struct loader *loader, int32_t day) {
    static const day_step steps[] = {cross_contract, remind_customer, collect_contract};
    struct moment moment = loader_moment(loader, day);
    struct stored_contract *contracts;
    size_t count = 0;
    int64_t collecting = 0;
    enum status status = setting_save_business_date(tx, moment.business_date);
    if (status == STATUS_OK) {
        status = stored_contract_with_action(
            tx, moment.business_date, ACTION_PLACE_START, CONTRACTS_AT_ONCE, &contracts, &count);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct day_context context = {.mode = loader->rails.mode};
        status = close_contract_day(tx, moment, contracts[i].customer_id, contracts[i].contract_id,
            steps, sizeof steps / sizeof steps[0], &context);
    }
    struct day_end_record record = {.day = moment.business_date,
        .state = DAY_END_DONE,
        .started_at = moment.now,
        .finished_at = instant_add_seconds(moment.now, 60),
        .contract_count = (int64_t)count,
        .collection_count = collecting};
    if (status == STATUS_OK) {
        status = day_end_save(tx, &record);
    }
    size_t expired;
    return status == STATUS_OK ? expire_orders(tx, moment, CONTRACTS_AT_ONCE, &expired) : status;
}

static enum status live_day(struct tx *tx, struct loader *loader, int32_t day) {
    loader_set_clock(loader, day, MORNING_S);
    enum status status = close_day(tx, loader, day);
    if (status == STATUS_OK) {
        status = work_outbox(tx, loader, day);
    }
    loader_set_clock(loader, day, DAY_S);
    struct demo_action *action = loader->plan->days[day];
    for (; status == STATUS_OK && action != NULL; action = action->next) {
        status = perform_action(tx, loader, day, action);
    }
    /* On the last day the evening has not come yet. */
    if (status == STATUS_OK && day < DEMO_DAYS) {
        loader_set_clock(loader, day, EVENING_S);
        status = work_outbox(tx, loader, day);
    }
    return status == STATUS_OK ? drop_webhooks(tx, loader) : status;
}

static enum status live_days(struct tx *tx, void *context) {
    struct loader *loader = context;
    if (loader->next_day > loader->until_day) {
        return fault_set(tx_fault(tx), STATUS_CONFLICT, "somebody else uses this database");
    }
    enum status status = STATUS_OK;
    while (status == STATUS_OK && loader->next_day <= loader->until_day) {
        status = live_day(tx, loader, loader->next_day++);
    }
    loader->next_day = loader->until_day + 1; /* a second call is seen above */
    return status;
}

static enum status begin(struct tx *tx, void *context) {
    struct loader *loader = context;
    struct day day;
    if (setting_business_date(tx, &day) == STATUS_OK) {
        return fault_set(tx_fault(tx), STATUS_CONFLICT, "the database has a business date already");
    }
    enum status status = setting_save_business_date(tx, loader->plan->first);
    return status == STATUS_OK ? make_shop(tx, loader) : status;
}

static enum status run_days(struct loader *loader, struct fault *fault) {
    const struct demo_options *options = loader->options;
    enum status status = STATUS_OK;
    while (status == STATUS_OK && loader->next_day <= DEMO_DAYS) {
        FENQI_ARENA arena = arena_create(1 << 20);
        int32_t until = loader->next_day + DAYS_A_UNIT - 1;
        loader->until_day = until < DEMO_DAYS ? until : DEMO_DAYS;
        status = store_run(options->store, STORE_NO_KEY, arena, live_days, loader, fault);
        if (options->progress != NULL) {
            options->progress(options->context, loader->next_day, DEMO_DAYS + 1);
        }
    }
    return status;
}

enum status demo_load(struct arena *arena, const struct demo_options *options,
    struct demo_result *result, struct fault *fault) {
    *result = (struct demo_result){0};
    struct loader *loader = ARENA_NEW(arena, struct loader);
    *loader = (struct loader){
        .options = options,
        .arena = arena,
        .plan = demo_plan_make(arena, options->customers, options->today, options->seed),
        .result = result,
        .dice = {options->seed ^ UINT64_C(0x5DEECE66D)},
        .rails = {CHANNEL_MODE_TEST, true, true},
    };
    if (options->channels != NULL) {
        loader->rails = payment_rails_of(options->channels);
    }
    char hash[PASSWORD_HASH_SIZE];
    if (!password_hash(DEMO_PASSWORD, PASSWORD_COST_LEAST, hash)) {
        return fault_set(fault, STATUS_FULL, "no memory for a password's hash");
    }
    loader->password_hash = arena_text(arena, hash);
    result->plan = loader->plan;
    loader_set_clock(loader, 0, 0);
    enum status status = store_run(options->store, STORE_NO_KEY, arena, begin, loader, fault);
    return status == STATUS_OK ? run_days(loader, fault) : status;
}
