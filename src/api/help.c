/*
 * help.c: questions and answers by the customer's own state. Exports help_routes.
 *
 * The texts stand in spec/help.tsv; what fits the customer's state comes first.
 */
#include "api/chat.h"
#include "api/resources.h"

#include "base/public_number.h"
#include "service/customer_position.h"
#include "store/autopay.h"
#include "store/conversation.h"

enum help_state { HELP_OVERDUE, HELP_DUE, HELP_RUNNING, HELP_AUTOPAY_OFF, HELP_ANY };

struct help_topic {
    enum help_state state;
    const char *topic_id;
    const char *target;
    const char *question_zh;
    const char *question_en;
    const char *answer_zh;
    const char *answer_en;
};

static const struct help_topic topics[] = {
#include "help_table.inc"
};
enum { TOPIC_COUNT = sizeof topics / sizeof topics[0] };

struct help_state_of_call {
    struct customer_position position;
    bool autopay_on;
    int64_t waiting;
};

static enum status help_unit(
    struct tx *tx, struct moment moment, struct call *call, struct fault *fault) {
    (void)fault;
    struct help_state_of_call *state = call->state;
    enum status status = load_customer_position(tx, moment, call->customer_id, &state->position);
    int64_t before;
    if (status == STATUS_OK)
        status = conversation_count_waiting(tx, moment.now, &state->waiting, &before);
    struct autopay autopay;
    if (status == STATUS_OK)
        status = autopay_load(tx, call->customer_id, &autopay);
    state->autopay_on = status == STATUS_OK && autopay.enabled;
    return status;
}

static bool is_relevant(enum help_state topic, const struct help_state_of_call *state) {
    const struct customer_position *position = &state->position;
    switch (topic) {
    case HELP_OVERDUE:
        return money_is_positive(position->overdue);
    case HELP_DUE:
        return money_is_positive(position->owed_now);
    case HELP_RUNNING:
        return position->open_contracts > 0;
    case HELP_AUTOPAY_OFF:
        return position->open_contracts > 0 && !state->autopay_on;
    case HELP_ANY:
        return false;
    }
    return false;
}

static void write_topic(
    struct json *json, const struct call *call, const struct help_topic *topic, bool relevant) {
    const struct help_state_of_call *state = call->state;
    int64_t order_id = relevant ? state->position.urgent_order_id : 0;
    char number[PUBLIC_NUMBER_SIZE];
    json_open(json, NULL, '{');
    json_string(json, "topic_id", topic->topic_id);
    json_string(json, "question_zh", topic->question_zh);
    json_string(json, "question_en", topic->question_en);
    json_string(json, "answer_zh", topic->answer_zh);
    json_string(json, "answer_en", topic->answer_en);
    json_string(json, "target", topic->target);
    json_string(json, "order_id",
        order_id == 0 ? NULL
                      : public_number_write(PUBLIC_ORDER, call->customer_id, order_id, number));
    json_boolean(json, "relevant", relevant);
    json_close(json);
}

static void help_answer(struct call *call) {
    const struct help_state_of_call *state = call->state;
    struct json json = json_start(call->arena);
    json_open(&json, NULL, '{');
    json_open(&json, "topics", '[');
    for (int relevant = 1; relevant >= 0; relevant--)
        for (size_t i = 0; i < TOPIC_COUNT; i++)
            if (is_relevant(topics[i].state, state) == (relevant == 1))
                write_topic(&json, call, &topics[i], relevant == 1);
    json_close(&json);
    const struct api_config *config = &call->api->config;
    json_string(&json, "phone", config->service_phone);
    json_string(
        &json, "phone_hours_zh", arena_printf(call->arena, "每日 %s", config->service_hours));
    json_string(&json, "phone_hours_en",
        arena_printf(call->arena, "daily %s (Beijing time)", config->service_hours));
    write_chat_hours(&json, "hours", call->now);
    json_integer(&json, "queue_length", state->waiting);
    json_integer(&json, "estimate_s", (state->waiting + 1) * CHAT_EACH_S);
    json_close(&json);
    call_json(call, 200, &json);
}

static void get_help(struct call *call) {
    call->state = ARENA_NEW(call->arena, struct help_state_of_call);
    call_read(call, help_unit, help_answer);
}

const struct api_route help_routes[] = {
    {HTTP_GET, "/help", get_help, API_CUSTOMER},
    API_ROUTES_END,
};
