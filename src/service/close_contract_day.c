/* close_contract_day.c: what a new business date does to one contract. See close_contract_day.h. */
#include "service/close_contract_day.h"

#include "base/check.h"
#include "engine/quote.h"
#include "service/send_notice.h"
#include "service/source_words.h"

/* Loads how automatic repayment is set, once a contract. */
static enum status need_autopay(struct tx *tx, struct day_context *context) {
    if (context->autopay)
        return STATUS_OK;
    context->autopay = ARENA_NEW(tx_arena(tx), struct autopay);
    return autopay_load(tx, context->contract->stored->customer_id, context->autopay);
}

/* Whether the new date makes something happen to the contract, penalty or a crossing. */
static bool something_happens(
    struct arena *arena, const struct live_contract *contract, struct day day) {
    struct contract_state *then = ARENA_ROOM(arena, struct contract_state);
    struct contract_update *update = ARENA_ROOM(arena, struct contract_update);
    contract_copy(then, &contract->state);
    contract_advance(&contract->terms, then, day);
    contract_difference(&contract->terms, &contract->state, then, update);
    return update->crossing_count > 0 || update->movement_count > 0;
}

static void note_bucket(struct day_context *context, int32_t days_before) {
    for (int32_t i = 0; i < context->crossed->crossing_count; i++)
        context->bucket_crossed |= context->crossed->crossings[i].kind == CROSSING_BUCKET_CHANGED;
    context->from_bucket = bucket_of_days(days_before);
    context->to_bucket = bucket_of_days(context->contract->state.days_overdue);
}

enum status cross_contract(struct tx *tx, struct moment moment, struct day_context *context) {
    struct live_contract *contract = context->contract;
    if (day_compare(contract->state.day, moment.business_date) >= 0 ||
        !something_happens(tx_arena(tx), contract, moment.business_date))
        return STATUS_OK;
    struct contract_event event = {.kind = EVENT_DAY_REACHED, .day = moment.business_date};
    struct applied_event *applied;
    int32_t days_before = contract->state.days_overdue;
    enum status status =
        apply_contract_event(tx, moment, contract, event, contract->stored->contract_id, &applied);
    if (status != STATUS_OK)
        return status;
    if (applied->outcome != APPLY_OK)
        return fault_set(
            tx_fault(tx), STATUS_CORRUPT, "a day that the contract refuses (%d)", applied->refusal);
    context->crossed = applied->update;
    note_bucket(context, days_before);
    return STATUS_OK;
}

/* The first source that can be charged, in words; a way to pay by hand when none can. */
static enum status first_source(
    struct tx *tx, struct day_context *context, bool *enabled, struct words *words) {
    int64_t customer_id = context->contract->stored->customer_id;
    int64_t ids[AUTOPAY_SOURCES_MAX];
    enum status status = need_autopay(tx, context);
    if (status != STATUS_OK)
        return status;
    const struct autopay *autopay = context->autopay;
    size_t count = autopay_sources_read(autopay->sources, ids);
    *enabled = false;
    *words = (struct words){
        "未设置自动还款，请手动还款", "automatic repayment is off, please pay yourself"};
    if (autopay->enabled)
        *words = (struct words){"自动还款的扣款来源均已不可用，请手动还款",
            "no source of automatic repayment can be charged, please pay yourself"};
    for (size_t i = 0; autopay->enabled && status == STATUS_OK && !*enabled && i < count; i++) {
        struct funding_source *source = NULL;
        if (ids[i] != 0)
            status = funding_source_load(tx, customer_id, ids[i], &source);
        *enabled = status == STATUS_OK &&
                   (ids[i] == 0 || (source && source->state == FUNDING_SOURCE_ACTIVE));
        if (*enabled)
            *words = source_words(tx_arena(tx), source);
    }
    return status;
}

static enum status send(struct tx *tx, struct moment moment, const struct day_context *context,
    const struct order *order, const struct instalment *instalment, enum message message,
    const struct words *source) {
    char yuan[MONEY_TEXT_SIZE], day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = order->title,
        .amount = money_to_yuan(instalment_left(instalment), yuan),
        .date = day_to_text(instalment->due_day, day),
        .source = source->zh,
        .source_en = source->en,
        .order_id = order->order_id,
    };
    return send_notice(tx, moment, context->contract->stored->customer_id, message, &parameters);
}

/* Which notice an instalment calls for today; MESSAGE_COUNT: none. */
static enum message message_of(struct moment moment, const struct terms *terms,
    const struct instalment *instalment, bool autopay) {
    int32_t days = days_between(moment.business_date, instalment->due_day);
    if (!money_is_positive(instalment_left(instalment)))
        return MESSAGE_COUNT;
    if (days == terms->notice_days && days > 0)
        return autopay ? MESSAGE_AUTOPAY_UPCOMING : MESSAGE_DUE_SOON;
    if (days == 0)
        return MESSAGE_DUE_TODAY;
    return days == -1 ? MESSAGE_OVERDUE : MESSAGE_COUNT;
}

enum status remind_customer(struct tx *tx, struct moment moment, struct day_context *context) {
    const struct live_contract *contract = context->contract;
    const struct contract_state *state = &contract->state;
    struct words source = {NULL, NULL};
    struct order *order = NULL; /* loaded with the source when the first notice is due */
    bool autopay = false;
    enum status status = STATUS_OK;
    for (int32_t i = 0; status == STATUS_OK && i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (message_of(moment, &contract->terms, instalment, autopay) == MESSAGE_COUNT)
            continue;
        if (!order) {
            status = first_source(tx, context, &autopay, &source);
            if (status == STATUS_OK)
                status = order_load(
                    tx, contract->stored->customer_id, contract->stored->order_id, &order);
            check(status != STATUS_OK || order);
        }
        enum message message = message_of(moment, &contract->terms, instalment, autopay);
        if (status == STATUS_OK)
            status = send(tx, moment, context, order, instalment, message, &source);
        context->notices++;
    }
    return status;
}

enum status collect_contract(struct tx *tx, struct moment moment, struct day_context *context) {
    struct live_contract *contract = context->contract;
    context->due = collectable(&contract->terms, &contract->state, moment.business_date);
    if (!money_is_positive(context->due))
        return STATUS_OK;
    enum status status = need_autopay(tx, context);
    if (status != STATUS_OK || !context->autopay->enabled)
        return status;
    struct collect_due command = {.contract = contract,
        .autopay = context->autopay,
        .mode = context->mode,
        .run = 1,
        .from_position = 1};
    struct collect_answer answer;
    status = collect_due(tx, moment, &command, &answer);
    context->credit = answer.from_credit;
    context->debit = answer.debit;
    return status;
}

enum status close_contract_day(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t contract_id, const day_step *steps, size_t step_count, struct day_context *context) {
    enum status status = load_contract(tx, customer_id, contract_id, &context->contract);
    if (status != STATUS_OK)
        return status;
    struct stored_contract *stored = context->contract ? context->contract->stored : NULL;
    if (!stored || day_is_none(stored->next_action_day) ||
        day_compare(stored->next_action_day, moment.business_date) > 0) {
        context->contract = NULL;
        return STATUS_OK;
    }
    for (size_t i = 0; status == STATUS_OK && i < step_count; i++)
        status = steps[i](tx, moment, context);
    return status == STATUS_OK ? finish_contract_day(tx, moment, context->contract) : status;
}
