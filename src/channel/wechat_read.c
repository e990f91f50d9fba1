/*
 * wechat_read.c: what WeChat Pay says about transactions and refunds, in answers and notifications.
 */
#include "channel/wechat.h"

#include "base/check.h"
#include "codec/json_read.h"

#include <string.h>

static bool read_amount(
    const struct json_value *object, const char *name, bool currency_needed, struct money *out) {
    const struct json_value *amount = json_member(object, "amount");
    const char *currency = json_member_text(amount, "currency");
    int64_t fen;
    if (!json_member_integer(amount, name, &fen) || fen < 0 || !money_in_range(fen))
        return false;
    if (currency ? strcmp(currency, "CNY") != 0 : currency_needed)
        return false;
    *out = money_fen(fen);
    return true;
}

static struct instant read_instant(const struct json_value *object, const char *name) {
    struct instant instant = {0};
    const char *text = json_member_text(object, name);
    if (text)
        (void)instant_from_text(text, strlen(text), &instant);
    return instant;
}

static bool is(const char *text, const char *word) {
    return text && strcmp(text, word) == 0;
}

static struct channel_answer state_of(const char *state, const char *words) {
    struct channel_answer answer;
    if (is(state, "NOTPAY"))
        answer = channel_answer_of(CHANNEL_ACCEPTED);
    else if (is(state, "USERPAYING") || is(state, "ACCEPT"))
        answer = channel_answer_of(CHANNEL_PROCESSING);
    else if (is(state, "CLOSED"))
        answer = channel_answer_failed(CHANNEL_FAILURE_EXPIRED, state, words);
    else if (is(state, "REVOKED"))
        answer = channel_answer_failed(CHANNEL_FAILURE_CUSTOMER_CANCELLED, state, words);
    else if (is(state, "PAYERROR"))
        answer = channel_answer_failed(CHANNEL_FAILURE_REJECTED, state, words);
    else
        answer = channel_answer_unknown(state, words);
    answer.provider_code = state;
    answer.provider_text = words;
    return answer;
}

enum wechat_owner wechat_read_transaction(struct arena *arena, const struct wechat_config *config,
    const struct json_value *transaction, const char **number, struct channel_answer *answer) {
    (void)arena;
    const char *mchid = json_member_text(transaction, "mchid");
    const char *appid = json_member_text(transaction, "appid");
    const char *state = json_member_text(transaction, "trade_state");
    const char *words = json_member_text(transaction, "trade_state_desc");
    *number = json_member_text(transaction, "out_trade_no");
    if (!mchid || !state || !*number)
        return WECHAT_MALFORMED;
    /* An order that nobody has paid yet may come without appid. */
    if (!is(mchid, config->mchid) || (appid && *appid && !is(appid, config->appid)))
        return WECHAT_ELSEWHERE;
    /* REFUND: it was paid, and something of it went back; the collection itself stands. */
    if (!is(state, "SUCCESS") && !is(state, "REFUND")) {
        *answer = state_of(state, words ? words : "");
        return WECHAT_OURS;
    }
    *answer = channel_answer_of(CHANNEL_SUCCEEDED);
    const char *id = json_member_text(transaction, "transaction_id");
    if (!appid || !*appid || !id || !read_amount(transaction, "total", true, &answer->amount))
        return WECHAT_MALFORMED;
    answer->provider_code = state;
    answer->provider_text = words ? words : "";
    answer->transaction_id = id;
    answer->moved_at = read_instant(transaction, "success_time");
    return WECHAT_OURS;
}

enum wechat_owner wechat_read_refund(struct arena *arena, const struct wechat_config *config,
    const struct json_value *refund, bool sealed, const char **number,
    struct channel_answer *answer) {
    (void)arena;
    const char *status = json_member_text(refund, sealed ? "refund_status" : "status");
    const char *mchid = json_member_text(refund, "mchid");
    *number = json_member_text(refund, "out_refund_no");
    struct money amount;
    if (!status || !*number || (sealed && !mchid) ||
        !read_amount(refund, "refund", !sealed, &amount))
        return WECHAT_MALFORMED;
    if (mchid && !is(mchid, config->mchid))
        return WECHAT_ELSEWHERE;
    if (is(status, "SUCCESS")) {
        *answer = channel_answer_of(CHANNEL_SUCCEEDED);
        answer->amount = amount;
        answer->moved_at = read_instant(refund, "success_time");
    } else if (is(status, "PROCESSING")) {
        *answer = channel_answer_of(CHANNEL_PROCESSING);
    } else if (is(status, "CLOSED")) {
        *answer = channel_answer_failed(CHANNEL_FAILURE_REJECTED, status, "refund closed");
    } else if (is(status, "ABNORMAL")) {
        *answer = channel_answer_failed(CHANNEL_FAILURE_CARD_DEAD, status, "refund abnormal");
    } else {
        *answer = channel_answer_unknown(status, "");
    }
    answer->provider_code = status;
    const char *id = json_member_text(refund, "refund_id");
    answer->transaction_id = id ? id : "";
    return WECHAT_OURS;
}

static void refuse(
    struct channel_notice *notice, enum channel_notice_verdict verdict, const char *why) {
    notice->verdict = verdict;
    notice->why = why;
}

/* The decrypted part, by the kind of event. */
static void read_resource(const struct wechat_config *config, struct arena *arena,
    const char *event_type, struct bytes plain, struct channel_notice *notice) {
    const struct json_value *object = NULL;
    if (json_read(arena, plain, &object, NULL) != STATUS_OK) {
        refuse(notice, CHANNEL_NOTICE_MALFORMED, "the sealed part is no JSON");
        return;
    }
    enum wechat_owner owner;
    if (strcmp(event_type, "TRANSACTION.SUCCESS") == 0) {
        notice->verdict = CHANNEL_NOTICE_PAYMENT;
        owner = wechat_read_transaction(arena, config, object, &notice->number, &notice->answer);
    } else if (strncmp(event_type, "REFUND.", 7) == 0) {
        notice->verdict = CHANNEL_NOTICE_REFUND;
        owner = wechat_read_refund(arena, config, object, true, &notice->number, &notice->answer);
    } else {
        refuse(notice, CHANNEL_NOTICE_IGNORED, "a kind of event that is not used here");
        return;
    }
    if (owner == WECHAT_MALFORMED)
        refuse(notice, CHANNEL_NOTICE_MALFORMED, "a member is missing in the sealed part");
    if (owner == WECHAT_ELSEWHERE)
        refuse(notice, CHANNEL_NOTICE_MISDIRECTED, "for another merchant or application");
}

void wechat_read_notice(const struct wechat_config *config, struct wechat_keys *keys,
    struct arena *arena, const struct channel_raw_notice *raw, struct instant now,
    struct channel_notice *notice) {
    *notice = (struct channel_notice){
        .verdict = CHANNEL_NOTICE_FORGED,
        .notice_id = "",
        .number = "",
        .answer = channel_answer_of(CHANNEL_UNKNOWN),
        .why = "",
    };
    enum wechat_verdict verdict =
        wechat_verify(keys, arena, raw->headers, raw->header_count, raw->body, now);
    if (verdict != WECHAT_GENUINE) {
        refuse(notice, verdict == WECHAT_STALE ? CHANNEL_NOTICE_STALE : CHANNEL_NOTICE_FORGED,
            wechat_verdict_text(verdict));
        return;
    }
    const struct json_value *document = NULL;
    const char *id = NULL, *event_type = NULL;
    if (json_read(arena, raw->body, &document, NULL) == STATUS_OK) {
        id = json_member_text(document, "id");
        event_type = json_member_text(document, "event_type");
    }
    if (!id || !*id || strlen(id) > 64 || !event_type) {
        refuse(notice, CHANNEL_NOTICE_MALFORMED, "no JSON, or without id and event_type");
        return;
    }
    notice->notice_id = id;
    struct bytes plain;
    if (!wechat_open_resource(
            arena, config->api_v3_key, json_member(document, "resource"), &plain)) {
        refuse(notice, CHANNEL_NOTICE_FORGED, "the sealed part does not open");
        return;
    }
    read_resource(config, arena, event_type, plain, notice);
}
