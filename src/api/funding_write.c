/* funding_write.c: funding sources as JSON. See funding_write.h. */
#include "api/funding_write.h"

#include "base/check.h"
#include "base/public_number.h"
#include "channel/channel.h"
#include "service/source_words.h"

#include <string.h>

static const char credit_balance_id[] = "credit_balance";

const char *funding_source_id_text(struct arena *arena, int64_t customer_id, int64_t id) {
    char number[PUBLIC_NUMBER_SIZE];
    if (id == 0)
        return credit_balance_id;
    return arena_text(arena, public_number_write(PUBLIC_FUNDING_SOURCE, customer_id, id, number));
}

bool funding_source_id_read(const char *text, int64_t customer_id, int64_t *id) {
    struct public_number number;
    *id = 0;
    if (strcmp(text, credit_balance_id) == 0)
        return true;
    if (!public_number_read(text, PUBLIC_FUNDING_SOURCE, &number) ||
        number.customer_id != customer_id)
        return false;
    *id = number.id;
    return true;
}

static void write_names(struct json *json, struct arena *arena, int64_t customer_id,
    const struct funding_source *source) {
    struct words words = source_words(arena, source);
    json_string(json, "funding_source_id",
        funding_source_id_text(arena, customer_id, source ? source->funding_source_id : 0));
    json_string(json, "kind", source ? "bank_card" : "credit_balance");
    json_string(json, "label_zh", words.zh);
    json_string(json, "label_en", words.en);
}

static const char *state_name(const struct funding_source *source) {
    if (!source)
        return "active";
    switch (source->state) {
    case FUNDING_SOURCE_PENDING:
        return "pending";
    case FUNDING_SOURCE_ACTIVE:
        return "active";
    case FUNDING_SOURCE_UNUSABLE:
        return "unusable";
    case FUNDING_SOURCE_REMOVED:
        return "removed";
    }
    check(false);
    return "";
}

static void money_or_null(struct json *json, const char *name, struct money value) {
    if (money_is_positive(value))
        json_money(json, name, value);
    else
        json_null(json, name);
}

static struct money single_limit_of(const struct funding_source *source) {
    struct money limit = channel_capability(CHANNEL_CARD).single_limit;
    return money_is_positive(source->single_limit) ? money_min(limit, source->single_limit) : limit;
}

void funding_source_write(struct json *json, const char *name, struct arena *arena,
    int64_t customer_id, const struct funding_source *source, struct money balance,
    bool used_by_autopay) {
    json_open(json, name, '{');
    write_names(json, arena, customer_id, source);
    bool unusable = source && source->state == FUNDING_SOURCE_UNUSABLE;
    enum channel_failure failure =
        source ? (enum channel_failure)source->failure : CHANNEL_FAILURE_NONE;
    json_string(json, "bank_code", source && *source->bank_code ? source->bank_code : NULL);
    json_string(json, "tail", source ? source->tail : NULL);
    json_string(json, "state", state_name(source));
    json_string(json, "reason_zh", unusable ? channel_failure_text_zh(failure) : NULL);
    json_string(json, "reason_en", unusable ? channel_failure_text_en(failure) : NULL);
    money_or_null(json, "single_limit_fen", source ? single_limit_of(source) : MONEY_ZERO);
    money_or_null(json, "daily_limit_fen", source ? source->daily_limit : MONEY_ZERO);
    if (source)
        json_null(json, "available_fen");
    else
        json_money(json, "available_fen", balance);
    json_boolean(json, "used_by_autopay", used_by_autopay);
    json_instant(json, "bound_at", source ? source->bound_at : (struct instant){0});
    json_close(json);
}
