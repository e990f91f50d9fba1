/*
 * card_refund.c: the card acquirer's refund interface: JSON in base 64, "encrypted" in blocks with
 * the sender's private key (PKCS#1 type 1), in hex, in the form field data_content; the answer's
 * body is one such text of the acquirer's.
 */
#include "channel/card.h"

#include "base/check.h"
#include "base/json_write.h"
#include "channel/card_codes.h"
#include "codec/json_read.h"
#include "codec/sha1.h"
#include "codec/text_bytes.h"

#include <string.h>

static char *refund_json(
    struct card_flow *flow, bool query, struct instant now, const char *message_id) {
    const struct channel_request *request = flow->request;
    struct json json = json_start(flow->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "terminal_id", flow->config->terminal_id);
    json_string(&json, "member_id", flow->config->member_id);
    json_string(&json, "txn_sub_type", query ? "10" : "09");
    json_string(&json, "refund_type", "8");
    json_string(&json, "refund_order_no", request->number);
    json_string(&json, "trans_serial_no", message_id);
    if (!query) {
        json_string(&json, "trans_id", request->original_number);
        json_string(&json, "refund_reason", request->description);
        json_string(
            &json, "refund_amt", arena_printf(flow->arena, "%lld", (long long)request->amount.fen));
        const char *time = card_time_text(flow->arena, now);
        json_string(&json, "refund_time",
            arena_printf(flow->arena, "%.4s%.2s%.2s%.2s%.2s%.2s", time, time + 5, time + 8,
                time + 11, time + 14, time + 17));
        json_string(&json, "notice_url", flow->config->refund_notify_url);
    }
    json_close(&json);
    return json_text(&json);
}

enum status card_refund_begin(struct card_flow *flow, struct instant now, const char *message_id,
    struct exchange *exchange, struct fault *fault) {
    bool query = flow->request->operation == CHANNEL_REFUND_QUERY;
    char *json = refund_json(flow, query, now, message_id);
    struct bytes sealed;
    enum status status = rsa_seal_private(flow->config->merchant_key,
        bytes_of_text(base64_write(flow->arena, bytes_of_text(json))), flow->arena, &sealed, fault);
    if (status != STATUS_OK)
        return status;
    struct card_fields fields = {.arena = flow->arena};
    card_add(&fields, "version", "4.0.0.0");
    card_add(&fields, "member_id", flow->config->member_id);
    card_add(&fields, "terminal_id", flow->config->terminal_id);
    card_add(&fields, "txn_type", "331");
    card_add(&fields, "txn_sub_type", query ? "10" : "09");
    card_add(&fields, "data_type", "json");
    card_add(&fields, "data_content", hex_write(flow->arena, sealed));
    *exchange = (struct exchange){
        .method = "POST", .url = flow->config->refund_url, .body = card_form(&fields)};
    exchange_header(exchange, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    exchange_header(exchange, "User-Agent", "Fenqi/1 (payments)");
    return STATUS_OK;
}

/* Only the acquirer's private key makes what opens here: that is the signature. */
static const struct json_value *open_sealed(
    const struct card_config *config, struct arena *arena, struct bytes text) {
    struct bytes sealed, encoded, plain;
    const struct json_value *document = NULL;
    if (!hex_read(arena, text, &sealed) ||
        !rsa_open_public(config->acquirer_key, sealed, arena, &encoded) ||
        !base64_read(arena, encoded, &plain) ||
        json_read(arena, plain, &document, NULL) != STATUS_OK)
        return NULL;
    return document;
}

static struct channel_answer judged(struct card_flow *flow, const struct json_value *document) {
    bool query = flow->request->operation == CHANNEL_REFUND_QUERY;
    const char *number = json_member_text(document, "refund_order_no");
    const char *code = json_member_text(document, "resp_code");
    const char *text = json_member_text(document, "resp_msg");
    code = code ? code : "";
    text = text ? text : "";
    struct channel_answer answer;
    if (number && strcmp(number, flow->request->number) != 0)
        return channel_answer_unknown(code, "an answer about something else");
    if (strcmp(code, "0000") == 0) {
        answer = channel_answer_of(query ? CHANNEL_SUCCEEDED : CHANNEL_PROCESSING);
        if (query)
            answer.amount = flow->request->amount;
        const char *id = json_member_text(document, "refund_business_no");
        answer.transaction_id = id ? id : "";
    } else if (query && strcmp(code, "BF00128") == 0) {
        answer = channel_answer_of(CHANNEL_ABSENT);
    } else if (card_code_unclear(code) || !*code) {
        answer = channel_answer_unknown(code, text);
    } else {
        answer = channel_answer_failed(CHANNEL_FAILURE_REJECTED, code, text);
    }
    answer.provider_code = code;
    return answer;
}

void card_refund_continue(
    struct card_flow *flow, const struct reply *reply, struct channel_answer *answer) {
    if (reply->kind != REPLY_ANSWERED || reply->http_status != 200) {
        *answer = channel_answer_unknown(
            "", reply->kind == REPLY_NOT_SENT ? "no connection" : "no answer in time");
        return;
    }
    const struct json_value *document = open_sealed(flow->config, flow->arena, reply->body);
    *answer =
        document ? judged(flow, document) : channel_answer_unknown("", "the answer does not open");
}

static bool is(const char *text, const char *word) {
    return text && strcmp(text, word) == 0;
}

void card_refund_read_notice(const struct card_config *config, struct arena *arena,
    const struct card_fields *fields, struct channel_notice *notice) {
    const char *content = card_value(fields, "data_content");
    const struct json_value *document = open_sealed(config, arena, bytes_of_text(content));
    const char *number = json_member_text(document, "refund_order_no");
    const char *code = json_member_text(document, "resp_code");
    notice->verdict = CHANNEL_NOTICE_REFUND;
    if (!document) {
        notice->verdict = CHANNEL_NOTICE_FORGED;
        notice->why = "the sealed part does not open";
    } else if (!number || !code) {
        notice->verdict = CHANNEL_NOTICE_MALFORMED;
        notice->why = "a member is missing in the sealed part";
    } else if (!is(json_member_text(document, "member_id"), config->member_id) ||
               !is(json_member_text(document, "terminal_id"), config->terminal_id)) {
        notice->verdict = CHANNEL_NOTICE_MISDIRECTED;
        notice->why = "for another merchant or terminal";
    } else {
        /* It only makes us ask: the refund's query decides. */
        notice->number = number;
        notice->notice_id = sha1_hex(arena, bytes_of_text(content));
        notice->answer = channel_answer_of(CHANNEL_PROCESSING);
        notice->answer.provider_code = code;
    }
}
