/* send_notice.c: tells a customer something. Exports what send_notice.h declares. */
#include "service/send_notice.h"

#include "base/check.h"
#include "base/json_write.h"
#include "store/event_log.h"
#include "store/notice.h"

#include <string.h>

static const struct message_row {
    const char *kind;
    const char *target;
    const char *title_zh;
    const char *title_en;
    const char *body_zh;
    const char *body_en;
} message_table[MESSAGE_COUNT] = {
#include "message_table.inc"
};

static const char *choose(bool english, const char *chinese_text, const char *english_text) {
    return english && english_text != NULL ? english_text : chinese_text;
}

static const char *value_of(
    const struct message_parameters *parameters, const char *name, size_t length, bool english) {
    const struct {
        const char *name;
        const char *value;
    } known[] = {
        {"order", parameters->order},
        {"amount", parameters->amount},
        {"date", parameters->date},
        {"count", parameters->count},
        {"source", choose(english, parameters->source, parameters->source_en)},
        {"reason", choose(english, parameters->reason, parameters->reason_en)},
        {"next", choose(english, parameters->next, parameters->next_en)},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i].name) == length && memcmp(known[i].name, name, length) == 0)
            return known[i].value;
    return NULL;
}

char *message_render(struct arena *arena, const char *text,
    const struct message_parameters *parameters, bool english) {
    struct builder out = builder_start(arena, 128);
    while (*text != '\0') {
        const char *open = strchr(text, '{');
        if (open == NULL) {
            builder_add(&out, text);
            break;
        }
        const char *close = strchr(open, '}');
        check(close != NULL);
        builder_add_n(&out, text, (size_t)(open - text));
        const char *value = value_of(parameters, open + 1, (size_t)(close - open - 1), english);
        check(value != NULL);
        builder_add(&out, value);
        text = close + 1;
    }
    return builder_text(&out);
}

/* The event "n" of the customer's log: {"notice":{…}} without the outer braces. */
static char *event_payload(struct arena *arena, const struct notice *notice) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_id(&json, "notice_id", notice->notice_id);
    json_string(&json, "title_zh", notice->title_zh);
    json_string(&json, "title_en", notice->title_en);
    json_close(&json);
    return arena_printf(arena, "\"notice\":%s", json_text(&json));
}

enum status send_notice(struct tx *tx, struct moment moment, int64_t customer_id,
    enum message message, const struct message_parameters *parameters) {
    check((unsigned)message < MESSAGE_COUNT);
    const struct message_row *row = &message_table[message];
    struct arena *arena = tx_arena(tx);
    struct notice notice = {
        .customer_id = customer_id,
        .notice_id = tx_new_id(tx, moment.now),
        .kind = row->kind,
        .title_zh = message_render(arena, row->title_zh, parameters, false),
        .title_en = message_render(arena, row->title_en, parameters, true),
        .body_zh = message_render(arena, row->body_zh, parameters, false),
        .body_en = message_render(arena, row->body_en, parameters, true),
        .target = row->target,
        .order_id = parameters->order_id,
        .payment_id = parameters->payment_id,
        .created_at = moment.now,
    };
    enum status status = notice_insert(tx, &notice);
    if (status == STATUS_OK)
        status = event_log_append(tx, moment.now, customer_id, "n", event_payload(arena, &notice));
    return status;
}
