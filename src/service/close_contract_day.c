/* close_contract_day.c: what a new business date does to one contract. See close_contract_day.h. */
#include "service/close_contract_day.h"

#include "base/check.h"
#include "engine/quote.h"
#include "service/send_notice.h"
#include "service/source_words.h"

enum status cross_contract(struct tx *tx, struct moment moment, struct day_context *context) {
    struct live_contract *contract = context->contract;
    if (day_compare(contract->state.day, moment.business_date) >= 0)
        return STATUS_OK;
    struct contract_state *then = ARENA_NEW(tx_arena(tx), struct contract_state);
    struct contract_update *update = ARENA_NEW(tx_arena(tx), struct contract_update);
    *then = contract->state;
    contract_advance(&contract->terms, then, moment.business_date);
    contract_difference(&contract->terms, &contract->state, then, update);
    if (update->crossing_count == 0 && update->movement_count == 0)
        return STATUS_OK;
    struct contract_event event = {.kind = EVENT_DAY_REACHED, .day = moment.business_date};
    struct applied_event *applied;
    enum status status =
        apply_contract_event(tx, moment, contract, event, contract->stored->contract_id, &applied);
    if (status != STATUS_OK)
        return status;
    if (applied->outcome != APPLY_OK)
        return fault_set(
            tx_fault(tx), STATUS_CORRUPT, "a day that the contract refuses (%d)", applied->refusal);
    context->crossed = applied->update;
    return STATUS_OK;
}

/* The first source that can be charged, in words; a way to pay by hand when none can. */
static enum status first_source(
    struct tx *tx, int64_t customer_id, bool *enabled, struct words *words) {
    struct autopay autopay;
    int64_t ids[AUTOPAY_SOURCES_MAX];
    enum status status = autopay_load(tx, customer_id, &autopay);
    if (status != STATUS_OK)
        return status;
    size_t count = autopay_sources_read(autopay.sources, ids);
    *enabled = false;
    *words = (struct words){
        "未设置自动还款，请手动还款", "automatic repayment is off, please pay yourself"};
    if (autopay.enabled)
        *words = (struct words){"自动还款的扣款来源均已不可用，请手动还款",
            "no source of automatic repayment can be charged, please pay yourself"};
    for (size_t i = 0; autopay.enabled && status == STATUS_OK && !*enabled && i < count; i++) {
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
    const struct instalment *instalment, enum message message, const struct words *source) {
    const struct stored_contract *stored = context->contract->stored;
    struct order *order;
    enum status status = order_load(tx, stored->customer_id, stored->order_id, &order);
    if (status != STATUS_OK)
        return status;
    check(order);
    char yuan[MONEY_TEXT_SIZE], day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {
        .order = order->title,
        .amount = money_to_yuan(instalment_left(instalment), yuan),
        .date = day_to_text(instalment->due_day, day),
        .source = source->zh,
        .source_en = source->en,
        .order_id = order->order_id,
    };
    return send_notice(tx, moment, stored->customer_id, message, &parameters);
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
    const struct contract_state *state = &context->contract->state;
    struct words source;
    bool autopay;
    enum status status =
        first_source(tx, context->contract->stored->customer_id, &autopay, &source);
    for (int32_t i = 0; status == STATUS_OK && i < state->instalment_count; i++) {
        enum message message =
            message_of(moment, &context->contract->terms, &state->instalments[i], autopay);
        if (message != MESSAGE_COUNT)
            status = send(tx, moment, context, &state->instalments[i], message, &source);
    }
    return status;
}

enum status collect_contract(struct tx *tx, struct moment moment, struct day_context *context) {
    struct collect_due command = {
        .contract = context->contract, .mode = context->mode, .run = 1, .from_position = 1};
    enum collect_outcome outcome;
    enum status status = collect_due(tx, moment, &command, &outcome);
    context->collecting = outcome == COLLECT_BEGUN;
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
    if (status == STATUS_OK)
        status = load_contract(tx, customer_id, contract_id, &context->contract);
    return status == STATUS_OK ? finish_contract_day(tx, moment, context->contract) : status;
}
