/* answer_card.c: the worker's side of binding, unbinding and testing cards. See bind_card.h. */
#include "service/bind_card.h"

#include "base/check.h"
#include "codec/text_bytes.h"
#include "service/channel_task.h"
#include "service/find_or_create_customer.h"
#include "service/send_notice.h"
#include "service/source_words.h"

#include <stdlib.h>
#include <string.h>

/* How often a card task is tried before the customer is told to start over. */
enum { CARD_TRIES_MOST = 5, UNBIND_TRIES_MOST = 12 };

static bool is(const struct outbox_item *item, const char *kind) {
    return strcmp(item->kind, kind) == 0;
}

static enum status open_key(
    struct tx *tx, const struct vault *vault, int64_t customer_id, struct customer_key *key) {
    struct customer *customer = ARENA_NEW(tx_arena(tx), struct customer);
    bool found;
    enum status status = customer_load(tx, customer_id, customer, &found);
    if (status == STATUS_OK && !found)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "a funding source without its customer");
    return status == STATUS_OK ? customer_key_open(tx, vault, customer, key) : status;
}

static enum status open_sealed(struct tx *tx, const struct vault *vault,
    const struct funding_source *source, const char *label, struct bytes sealed, char **text) {
    struct customer_key key;
    enum status status = open_key(tx, vault, source->customer_id, &key);
    if (status != STATUS_OK)
        return status;
    *text = customer_open_text(&key, label, source->funding_source_id, sealed, tx_arena(tx));
    return *text ? STATUS_OK : fault_set(tx_fault(tx), STATUS_CORRUPT, "%s does not open", label);
}

static enum status seal(struct tx *tx, const struct vault *vault,
    const struct funding_source *source, const char *label, const char *text, struct bytes *out) {
    struct customer_key key;
    uint8_t nonce[VAULT_NONCE_SIZE];
    enum status status = open_key(tx, vault, source->customer_id, &key);
    if (status != STATUS_OK)
        return status;
    tx_random(tx, nonce, sizeof nonce);
    *out = customer_seal_text(&key, label, source->funding_source_id, nonce, text, tx_arena(tx));
    return STATUS_OK;
}

enum status open_protocol(struct tx *tx, const struct vault *vault,
    const struct funding_source *source, const char **protocol_no) {
    char *text = NULL;
    enum status status =
        open_sealed(tx, vault, source, "funding.protocol", source->protocol_sealed, &text);
    *protocol_no = text;
    return status;
}

/* "number|name|identity|phone" into the request. */
static enum status add_card(struct tx *tx, const struct vault *vault,
    const struct funding_source *source, struct channel_request *request) {
    char *text = NULL;
    enum status status = open_sealed(tx, vault, source, "funding.card", source->card_sealed, &text);
    if (status != STATUS_OK)
        return status;
    request->card_number = strsep(&text, "|");
    request->holder_name = strsep(&text, "|");
    request->identity_number = strsep(&text, "|");
    request->phone = text;
    return request->phone ? STATUS_OK
                          : fault_set(tx_fault(tx), STATUS_CORRUPT, "funding.card is cut");
}

/* The id in front of a payload; *rest is what follows it. */
static int64_t payload_id(struct tx *tx, const struct outbox_item *item, char **rest) {
    *rest = arena_text_n(tx_arena(tx), (const char *)item->payload.at, item->payload.length);
    int64_t id = strtoll(*rest, rest, 10);
    *rest += **rest == ' ';
    return id;
}

static enum status add_code(struct tx *tx, const struct vault *vault,
    const struct funding_source *source, const char *hex, struct channel_request *request) {
    struct bytes sealed;
    char *code = NULL, *reference = NULL;
    if (!hex_read(tx_arena(tx), bytes_of_text(hex), &sealed))
        return fault_set(tx_fault(tx), STATUS_CORRUPT, "a code that is no hexadecimal");
    enum status status = open_sealed(tx, vault, source, "funding.sms", sealed, &code);
    if (status == STATUS_OK)
        status =
            open_sealed(tx, vault, source, "funding.bind_ref", source->bind_ref_sealed, &reference);
    request->sms_code = code;
    request->bind_ref = reference;
    return status;
}

enum status prepare_card_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct channel_task *task) {
    (void)moment;
    char *rest;
    struct funding_source *source;
    int64_t id = payload_id(tx, item, &rest);
    enum status status = funding_source_load(tx, item->customer_id, id, &source);
    if (status != STATUS_OK)
        return status;
    bool ours;
    bool binding = is(item, OUTBOX_KIND_BIND_START) || is(item, OUTBOX_KIND_BIND_CONFIRM);
    if (!source || (binding && source->state != FUNDING_SOURCE_PENDING))
        return outbox_finish(tx, item, &ours);
    task->needed = true;
    task->request = (struct channel_request){
        .kind = CHANNEL_CARD,
        .mode = (enum channel_mode)source->mode,
        .customer_ref = arena_printf(tx_arena(tx), "%lld", (long long)source->customer_id),
    };
    if (is(item, OUTBOX_KIND_BIND_START)) {
        task->request.operation = CHANNEL_BIND_START;
        return add_card(tx, vault, source, &task->request);
    }
    if (is(item, OUTBOX_KIND_BIND_CONFIRM) && item->attempts > 1) {
        /* The code may have arrived: ask whether the agreement stands before anything else. */
        task->request.operation = CHANNEL_BIND_QUERY;
        return add_card(tx, vault, source, &task->request);
    }
    if (is(item, OUTBOX_KIND_BIND_CONFIRM)) {
        task->request.operation = CHANNEL_BIND_CONFIRM;
        return add_code(tx, vault, source, rest, &task->request);
    }
    task->request.operation = is(item, OUTBOX_KIND_UNBIND) ? CHANNEL_UNBIND : CHANNEL_BIND_QUERY;
    return open_protocol(tx, vault, source, &task->request.protocol_no);
}

static enum status again_or_done(
    struct tx *tx, struct moment moment, const struct outbox_item *item, bool again) {
    bool ours = true;
    enum status status =
        again ? outbox_retry(tx, item,
                    instant_add_seconds(moment.now, channel_retry_delay_s(item->attempts)), NULL,
                    &ours)
              : outbox_finish(tx, item, &ours);
    /* Somebody else has taken the item since: the answer is theirs to give, this one is void. */
    if (status == STATUS_OK && !ours)
        tx_refuse(tx);
    return status;
}

static bool undecided(const struct channel_answer *answer) {
    return answer->state == CHANNEL_UNKNOWN || answer->state == CHANNEL_PROCESSING;
}

static enum status finish_start(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct funding_source *source,
    const struct channel_answer *answer) {
    enum status status = STATUS_OK;
    if (answer->state == CHANNEL_ACCEPTED) {
        source->bind_state = BIND_CODE_SENT;
        source->code_sent_at = moment.now;
        status =
            seal(tx, vault, source, "funding.bind_ref", answer->bind_ref, &source->bind_ref_sealed);
    } else {
        /* No money moves here: what is unclear is simply started again by the customer. */
        source->bind_state = BIND_REFUSED;
        source->failure =
            answer->state == CHANNEL_FAILED ? answer->failure : CHANNEL_FAILURE_GATEWAY;
        source->card_sealed = (struct bytes){NULL, 0};
    }
    if (status == STATUS_OK)
        status = funding_source_save(tx, source);
    return status == STATUS_OK ? again_or_done(tx, moment, item, false) : status;
}

static enum status bound(struct tx *tx, struct moment moment, const struct vault *vault,
    struct funding_source *source, const struct channel_answer *answer) {
    source->state = FUNDING_SOURCE_ACTIVE;
    source->bind_state = BIND_DONE;
    source->bound_at = moment.now;
    if (*answer->bank_code)
        source->bank_code = arena_text(tx_arena(tx), answer->bank_code);
    source->card_sealed = source->bind_ref_sealed = (struct bytes){NULL, 0};
    enum status status =
        seal(tx, vault, source, "funding.protocol", answer->protocol_no, &source->protocol_sealed);
    struct words words = source_words(tx_arena(tx), source);
    struct message_parameters parameters = {.source = words.zh, .source_en = words.en};
    if (status == STATUS_OK)
        status = send_notice(tx, moment, source->customer_id, MESSAGE_CARD_BOUND, &parameters);
    return status;
}

/* The customer took the card away while the bank confirmed: the agreement is ended again. */
static enum status bound_too_late(struct tx *tx, struct moment moment, const struct vault *vault,
    struct funding_source *source, const struct channel_answer *answer) {
    source->card_sealed = source->bind_ref_sealed = (struct bytes){NULL, 0};
    struct outbox_item item = {
        .customer_id = source->customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_CHANNEL,
        .kind = OUTBOX_KIND_UNBIND,
        .payload =
            bytes_of_text(arena_printf(tx_arena(tx), "%lld", (long long)source->funding_source_id)),
        .next_try_at = moment.now,
    };
    enum status status =
        seal(tx, vault, source, "funding.protocol", answer->protocol_no, &source->protocol_sealed);
    return status == STATUS_OK ? outbox_insert(tx, &item, moment.now) : status;
}

static enum status finish_confirm(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, struct funding_source *source,
    const struct channel_answer *answer) {
    enum status status = STATUS_OK;
    bool again = undecided(answer) && item->attempts < CARD_TRIES_MOST;
    if (answer->state == CHANNEL_SUCCEEDED && source->state == FUNDING_SOURCE_REMOVED) {
        status = bound_too_late(tx, moment, vault, source, answer);
    } else if (answer->state == CHANNEL_SUCCEEDED) {
        status = bound(tx, moment, vault, source, answer);
    } else if (answer->state == CHANNEL_FAILED && answer->failure == CHANNEL_FAILURE_CODE_WRONG) {
        source->bind_state = BIND_CODE_SENT;
        source->failure = CHANNEL_FAILURE_CODE_WRONG;
        source->wrong_codes++;
    } else if (!again) {
        source->bind_state = BIND_REFUSED;
        source->failure =
            answer->state == CHANNEL_FAILED ? answer->failure : CHANNEL_FAILURE_GATEWAY;
        source->card_sealed = (struct bytes){NULL, 0};
    }
    if (status == STATUS_OK)
        status = funding_source_save(tx, source);
    return status == STATUS_OK ? again_or_done(tx, moment, item, again) : status;
}

static enum status finish_test(struct tx *tx, struct moment moment, const struct outbox_item *item,
    struct funding_source *source, const struct channel_answer *answer) {
    bool again = undecided(answer) && item->attempts < CARD_TRIES_MOST;
    bool gone = answer->state == CHANNEL_ABSENT;
    struct autopay_test test = {
        .funding_source_id = source->funding_source_id,
        .state = again                                ? AUTOPAY_TEST_PROCESSING
                 : answer->state == CHANNEL_SUCCEEDED ? AUTOPAY_TEST_PASSED
                                                      : AUTOPAY_TEST_FAILED,
        .at = moment.now,
        .failure = gone ? CHANNEL_FAILURE_MANDATE_GONE : answer->failure,
    };
    if (test.state == AUTOPAY_TEST_FAILED && test.failure == CHANNEL_FAILURE_NONE)
        test.failure = CHANNEL_FAILURE_GATEWAY;
    enum status status = autopay_test_save(tx, source->customer_id, &test);
    if (status == STATUS_OK && gone) {
        source->state = FUNDING_SOURCE_UNUSABLE;
        source->failure = CHANNEL_FAILURE_MANDATE_GONE;
        status = funding_source_save(tx, source);
    }
    return status == STATUS_OK ? again_or_done(tx, moment, item, again) : status;
}

static enum status finish_unbind(struct tx *tx, struct moment moment,
    const struct outbox_item *item, struct funding_source *source,
    const struct channel_answer *answer) {
    bool again = undecided(answer) && item->attempts < UNBIND_TRIES_MOST;
    enum status status = STATUS_OK;
    if (!again && source->protocol_sealed.length > 0) {
        source->protocol_sealed = (struct bytes){NULL, 0};
        struct words words = source_words(tx_arena(tx), source);
        struct message_parameters parameters = {.source = words.zh, .source_en = words.en};
        status = funding_source_save(tx, source);
        if (status == STATUS_OK)
            status =
                send_notice(tx, moment, source->customer_id, MESSAGE_CARD_UNBOUND, &parameters);
    }
    return status == STATUS_OK ? again_or_done(tx, moment, item, again) : status;
}

enum status finish_card_task(struct tx *tx, struct moment moment, const struct vault *vault,
    const struct outbox_item *item, const struct channel_task *task,
    const struct channel_answer *answer) {
    (void)task;
    char *rest;
    struct funding_source *source;
    int64_t id = payload_id(tx, item, &rest);
    enum status status = funding_source_load(tx, item->customer_id, id, &source);
    if (status != STATUS_OK)
        return status;
    check(source);
    if (is(item, OUTBOX_KIND_BIND_START))
        return finish_start(tx, moment, vault, item, source, answer);
    if (is(item, OUTBOX_KIND_BIND_CONFIRM))
        return finish_confirm(tx, moment, vault, item, source, answer);
    if (is(item, OUTBOX_KIND_TEST_DEBIT))
        return finish_test(tx, moment, item, source, answer);
    check(is(item, OUTBOX_KIND_UNBIND));
    return finish_unbind(tx, moment, item, source, answer);
}
