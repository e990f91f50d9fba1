/*
 * card.c: what is sent to the card acquirer, what its answers and notifications mean.
 */
#include "channel/card.h"

#include "base/check.h"
#include "base/json_write.h"
#include "channel/card_codes.h"
#include "codec/sha1.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *card_time_text(struct arena *arena, struct instant instant) {
    char text[INSTANT_TEXT_SIZE];
    instant_to_text(instant, ZONE_SHANGHAI, text);
    return arena_printf(arena, "%.10s %.8s", text, text + 11);
}

bool card_time_read(const char *text, struct instant *out) {
    char rfc[INSTANT_TEXT_SIZE];
    if (strlen(text) != 19 || text[10] != ' ')
        return false;
    snprintf(rfc, sizeof rfc, "%.10sT%.8s+08:00", text, text + 11);
    return instant_from_text(rfc, strlen(rfc), out);
}

/* The fields that every message has. */
static struct card_fields message(
    struct card_flow *flow, const char *type, struct instant now, const char *message_id) {
    struct card_fields fields = {.arena = flow->arena};
    card_add(&fields, "send_time", card_time_text(flow->arena, now));
    card_add(&fields, "msg_id", message_id);
    card_add(&fields, "version", "4.0.0.0");
    card_add(&fields, "terminal_id", flow->config->terminal_id);
    card_add(&fields, "txn_type", type);
    card_add(&fields, "member_id", flow->config->member_id);
    return fields;
}

static const char *text_or(const char *text, const char *otherwise) {
    return text && *text ? text : otherwise;
}

static const char *account_text(struct card_flow *flow) {
    const struct channel_request *request = flow->request;
    return arena_printf(flow->arena, "%s|%s|%s|%s||", request->card_number, request->holder_name,
        request->identity_number, request->phone);
}

static const char *risk_text(struct card_flow *flow) {
    struct json json = json_start(flow->arena);
    json_open(&json, NULL, '{');
    json_string(&json, "goodsCategory", "02");
    json_string(&json, "chPayIp", text_or(flow->request->customer_ip, "127.0.0.1"));
    json_close(&json);
    return json_text(&json);
}

static const char *fen_text(struct arena *arena, struct money amount) {
    return arena_printf(arena, "%lld", (long long)amount.fen);
}

/* Adds the fields of one kind of message. NULL when this channel has no such operation. */
static const char *fill(struct card_flow *flow, struct card_fields *fields, const char *aes_key) {
    const struct channel_request *request = flow->request;
    struct arena *arena = flow->arena;
    switch (request->operation) {
    case CHANNEL_BIND_START:
        card_add(fields, "user_id", request->customer_ref);
        card_add(fields, "card_type", "101");
        card_add(fields, "id_card_type", "01");
        card_add(fields, "acc_info", card_seal(arena, aes_key, account_text(flow)));
        return "01";
    case CHANNEL_BIND_CONFIRM:
        card_add(fields, "unique_code",
            card_seal(arena, aes_key,
                arena_printf(arena, "%s|%s", request->bind_ref, request->sms_code)));
        return "02";
    case CHANNEL_BIND_QUERY:
        card_add(fields, "user_id", request->customer_ref);
        if (request->card_number)
            card_add(fields, "acc_no", card_seal(arena, aes_key, request->card_number));
        return "03";
    case CHANNEL_UNBIND:
        card_add(fields, "user_id", request->customer_ref);
        card_add(fields, "protocol_no", card_seal(arena, aes_key, request->protocol_no));
        return "04";
    case CHANNEL_QUERY:
        card_add(fields, "orig_trans_id", request->number);
        card_add(fields, "orig_trade_date", card_time_text(arena, request->number_at));
        return "07";
    case CHANNEL_DEBIT:
        card_add(fields, "trans_id", request->number);
        card_add(fields, "user_id", request->customer_ref);
        card_add(fields, "protocol_no", card_seal(arena, aes_key, request->protocol_no));
        card_add(fields, "txn_amt", fen_text(arena, request->amount));
        card_add(fields, "risk_item", risk_text(flow));
        card_add(fields, "return_url", flow->config->notify_url);
        return "08";
    case CHANNEL_ORDER_NATIVE:
    case CHANNEL_ORDER_H5:
    case CHANNEL_CLOSE:
    case CHANNEL_REFUND:
    case CHANNEL_REFUND_QUERY:
        return NULL;
    }
    check(false);
    return NULL;
}

static bool sealed_operation(enum channel_operation operation) {
    return operation != CHANNEL_QUERY;
}

enum status card_begin(struct card_flow *flow, const struct channel_request *request,
    struct instant now, const char *message_id, const char *aes_key, struct exchange *exchange,
    struct fault *fault) {
    flow->request = request;
    if (request->operation == CHANNEL_REFUND || request->operation == CHANNEL_REFUND_QUERY)
        return card_refund_begin(flow, now, message_id, exchange, fault);
    struct card_fields own = {.arena = flow->arena};
    const char *type = fill(flow, &own, aes_key);
    if (!type)
        return fault_set(fault, STATUS_INVALID, "the card acquirer has no %s",
            channel_operation_name(request->operation));
    struct card_fields fields = message(flow, type, now, message_id);
    for (size_t i = 0; i < own.count; i++)
        card_add(&fields, own.fields[i].name, own.fields[i].value);
    enum status status = STATUS_OK;
    if (sealed_operation(request->operation)) {
        const char *envelope = "";
        status =
            card_envelope_write(flow->arena, flow->config->acquirer_key, aes_key, &envelope, fault);
        card_add(&fields, "dgtl_envlp", envelope);
    }
    if (status == STATUS_OK)
        status = card_sign(&fields, flow->config->merchant_key, fault);
    if (status != STATUS_OK)
        return status;
    *exchange = (struct exchange){
        .method = "POST",
        .url = flow->config->endpoint_url,
        .body = card_form(&fields),
    };
    exchange_header(exchange, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    exchange_header(exchange, "User-Agent", "Fenqi/1 (payments)");
    return STATUS_OK;
}

static bool is(const char *text, const char *word) {
    return strcmp(text, word) == 0;
}

/* Opens a sealed field of an answer; "" when it is absent or does not open. */
static const char *open_field(
    struct card_flow *flow, const struct card_fields *fields, const char *name) {
    const char *aes_key, *text = "";
    const char *sealed = card_value(fields, name);
    if (!*sealed ||
        !card_envelope_read(
            flow->arena, flow->config->merchant_key, card_value(fields, "dgtl_envlp"), &aes_key) ||
        !card_open(flow->arena, aes_key, sealed, &text))
        return "";
    return text;
}

/* Money that moved: amount and number must be there, or nothing is believed. */
static struct channel_answer collected(
    struct arena *arena, const struct card_fields *fields, const char *number) {
    const char *amount = card_value(fields, "succ_amt");
    size_t digits = strspn(amount, "0123456789");
    if (!is(card_value(fields, "trans_id"), number) || digits == 0 || digits > 16 || amount[digits])
        return channel_answer_unknown(
            card_value(fields, "biz_resp_code"), "a success without its number or amount");
    int64_t fen = strtoll(amount, NULL, 10);
    if (!money_in_range(fen))
        return channel_answer_unknown("", "an amount out of range");
    struct channel_answer answer = channel_answer_of(CHANNEL_SUCCEEDED);
    answer.amount = money_fen(fen);
    answer.transaction_id = arena_text(arena, card_value(fields, "order_id"));
    (void)card_time_read(card_value(fields, "succ_time"), &answer.moved_at);
    return answer;
}

/*
 * "protocol_no|user_id|card|bank_code|bank_name;…": the first of this customer (and of the card or
 * the agreement that the request names).
 */
static struct channel_answer binding_found(struct card_flow *flow, const char *list) {
    char *rest = arena_text(flow->arena, list), *one;
    while ((one = strsep(&rest, ";"))) {
        const char *parts[5] = {"", "", "", "", ""};
        for (size_t i = 0; i < 5 && one; i++)
            parts[i] = strsep(&one, "|");
        const char *card = flow->request->card_number, *ours = flow->request->protocol_no;
        if (!*parts[0] || !is(parts[1], flow->request->customer_ref) ||
            (ours && !is(parts[0], ours)) ||
            (card && *parts[2] && !is(parts[2], card) && !strchr(parts[2], '*')))
            continue;
        struct channel_answer answer = channel_answer_of(CHANNEL_SUCCEEDED);
        answer.protocol_no = parts[0];
        answer.bank_code = parts[3];
        return answer;
    }
    return channel_answer_of(CHANNEL_ABSENT);
}

static struct channel_answer succeeded(struct card_flow *flow, const struct card_fields *fields) {
    struct channel_answer answer = channel_answer_of(CHANNEL_SUCCEEDED);
    switch (flow->request->operation) {
    case CHANNEL_BIND_START:
        answer.state = CHANNEL_ACCEPTED;
        answer.bind_ref = open_field(flow, fields, "unique_code");
        return *answer.bind_ref ? answer : channel_answer_unknown("", "no unique_code");
    case CHANNEL_BIND_CONFIRM:
        answer.protocol_no = open_field(flow, fields, "protocol_no");
        answer.bank_code = arena_text(flow->arena, card_value(fields, "bank_code"));
        return *answer.protocol_no ? answer : channel_answer_unknown("", "no protocol_no");
    case CHANNEL_BIND_QUERY:
        return binding_found(flow, open_field(flow, fields, "protocols"));
    case CHANNEL_UNBIND:
        return answer;
    case CHANNEL_QUERY:
    case CHANNEL_DEBIT:
        return collected(flow->arena, fields, flow->request->number);
    case CHANNEL_ORDER_NATIVE:
    case CHANNEL_ORDER_H5:
    case CHANNEL_CLOSE:
    case CHANNEL_REFUND:
    case CHANNEL_REFUND_QUERY:
        break;
    }
    check(false);
    return answer;
}

/* Codes that point at a number the acquirer has already: what became of it must be asked. */
static bool points_at_earlier(const char *code) {
    return is(code, "BF00114") || is(code, "BF00126") || is(code, "BF00131");
}

static struct channel_answer judged(struct card_flow *flow, const struct card_fields *fields) {
    const char *result = card_value(fields, "resp_code");
    const char *code = card_value(fields, "biz_resp_code");
    const char *text = card_value(fields, "biz_resp_msg");
    enum channel_operation operation = flow->request->operation;
    struct channel_answer answer;
    if (operation == CHANNEL_QUERY && is(code, "BF00128"))
        answer = channel_answer_of(CHANNEL_ABSENT);
    else if (is(result, "S"))
        answer = succeeded(flow, fields);
    else if (is(result, "I"))
        answer = channel_answer_of(CHANNEL_PROCESSING);
    else if (is(result, "F") && !card_code_unclear(code) && !points_at_earlier(code))
        answer = channel_answer_failed(card_code_failure(code), code, text);
    else
        answer = channel_answer_unknown(code, text);
    answer.provider_code = code;
    if (!*answer.provider_text)
        answer.provider_text = text;
    return answer;
}

void card_continue(
    struct card_flow *flow, const struct reply *reply, struct channel_answer *answer) {
    if (flow->request->operation == CHANNEL_REFUND ||
        flow->request->operation == CHANNEL_REFUND_QUERY) {
        card_refund_continue(flow, reply, answer);
        return;
    }
    struct card_fields *fields = ARENA_NEW(flow->arena, struct card_fields);
    fields->arena = flow->arena;
    if (reply->kind != REPLY_ANSWERED)
        *answer = channel_answer_unknown(
            "", reply->kind == REPLY_NOT_SENT ? "no connection" : "no answer in time");
    else if (reply->http_status != 200)
        *answer = channel_answer_unknown("", "an HTTP status without meaning here");
    else if (!card_read(fields, reply->body, false))
        *answer = channel_answer_unknown("", "the answer is no list of fields");
    else if (!card_verify(fields, flow->config->acquirer_key))
        *answer = channel_answer_unknown("", "the signature does not fit");
    else if (!is(card_value(fields, "member_id"), flow->config->member_id) ||
             !is(card_value(fields, "terminal_id"), flow->config->terminal_id))
        *answer = channel_answer_unknown("", "an answer to somebody else");
    else
        *answer = judged(flow, fields);
}

static void refuse(
    struct channel_notice *notice, enum channel_notice_verdict verdict, const char *why) {
    notice->verdict = verdict;
    notice->why = why;
}

/* The outcome that a genuine notification tells. */
static void read_outcome(
    struct arena *arena, const struct card_fields *fields, struct channel_notice *notice) {
    const char *result = card_value(fields, "resp_code");
    const char *code = card_value(fields, "biz_resp_code");
    const char *text = card_value(fields, "biz_resp_msg");
    notice->number = card_value(fields, "trans_id");
    notice->notice_id = sha1_hex(arena, bytes_of_text(card_signed_text(fields)));
    notice->verdict = CHANNEL_NOTICE_PAYMENT;
    if (is(result, "S")) {
        notice->answer = collected(arena, fields, notice->number);
        if (notice->answer.state != CHANNEL_SUCCEEDED)
            refuse(notice, CHANNEL_NOTICE_MALFORMED, notice->answer.provider_text);
    } else if (is(result, "F") && !card_code_unclear(code) && !points_at_earlier(code)) {
        notice->answer = channel_answer_failed(card_code_failure(code), code, text);
    } else {
        refuse(notice, CHANNEL_NOTICE_IGNORED, "says nothing final");
    }
    notice->answer.provider_code = code;
}

void card_read_notice(const struct card_config *config, struct arena *arena,
    const struct channel_raw_notice *raw, struct channel_notice *notice) {
    *notice = (struct channel_notice){
        .notice_id = "", .number = "", .answer = channel_answer_of(CHANNEL_UNKNOWN), .why = ""};
    struct card_fields *fields = ARENA_NEW(arena, struct card_fields);
    fields->arena = arena;
    struct bytes text = raw->body.length ? raw->body : bytes_of_text(raw->query ? raw->query : "");
    bool readable = card_read(fields, text, true);
    if (readable && *card_value(fields, "data_content"))
        card_refund_read_notice(config, arena, fields, notice);
    else if (!readable || !*card_value(fields, "trans_id"))
        refuse(notice, CHANNEL_NOTICE_MALFORMED, "no list of fields with a trans_id");
    else if (!card_verify(fields, config->acquirer_key))
        refuse(notice, CHANNEL_NOTICE_FORGED, "the signature does not fit");
    else if (!is(card_value(fields, "member_id"), config->member_id) ||
             !is(card_value(fields, "terminal_id"), config->terminal_id))
        refuse(notice, CHANNEL_NOTICE_MISDIRECTED, "for another merchant or terminal");
    else
        read_outcome(arena, fields, notice);
}
