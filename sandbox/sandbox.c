/* sandbox.c: opens the world and dispatches requests. Exports part of sandbox.h. */
#include "sandbox/sandbox.h"

#include "sandbox/card.h"
#include "sandbox/cashier.h"
#include "sandbox/control.h"
#include "sandbox/fault_plan.h"
#include "sandbox/wechat.h"

#include <string.h>

#define CARD_PATH "/cutpayment/protocol/backTransRequest"
#define CARD_REFUND_PATH "/cutpayment/api/backTransRequest"

enum status sandbox_open(struct sandbox *out, const struct sandbox_options *options,
    struct instant now, struct fault *fault) {
    FENQI_ARENA arena = arena_create(1024);
    *out = (struct sandbox){.options = *options, .dice = options->seed};
    enum status status = keys_open(&out->keys, options->data_folder, now, fault);
    if (status == STATUS_OK)
        status =
            book_open(&out->book, arena_printf(arena, "%s/book.db", options->data_folder), fault);
    if (status == STATUS_OK)
        status =
            keys_write_merchant_file(&out->keys, options->data_folder, options->base_url, fault);
    if (status != STATUS_OK)
        sandbox_close(out);
    return status;
}

void sandbox_close(struct sandbox *sandbox) {
    book_close(sandbox->book);
    sandbox->book = NULL;
    keys_close(&sandbox->keys);
}

static bool starts(const char *text, const char *prefix) {
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The provider's part of a request, without troubles. */
static void provide(struct sandbox *sandbox, const struct request *request, const char *channel,
    struct answer *answer) {
    if (strcmp(channel, "wechat") == 0)
        wechat_handle(sandbox, request, answer);
    else if (strcmp(request->method, "POST") != 0)
        answer_text(answer, 405, "text/plain; charset=utf-8", "POST only\n");
    else if (strcmp(request->path, CARD_PATH) == 0)
        card_handle(sandbox, request, answer);
    else
        card_refund_handle(sandbox, request, answer);
}

/* What the planned troubles of a request come to. */
struct troubles {
    bool before; /* the provider's part must not run */
    bool error;
    enum delivery delivery;
    int64_t delay_ms;
    bool forge;
};

static struct troubles request_troubles(
    struct sandbox *sandbox, const struct request *request, const char *channel) {
    const char *operation =
        strcmp(channel, "wechat") == 0 ? wechat_operation(request) : card_operation(request);
    struct builder subject = builder_start(request->arena, request->body.length + 256);
    builder_add(&subject, request->target);
    builder_add_n(&subject, (const char *)request->body.at, request->body.length);
    struct troubles found = {.delivery = DELIVERY_SEND};
    struct trouble_rule rule = {.id = 0};
    while (trouble_take(sandbox, request->arena, PHASE_REQUEST, channel, operation,
        builder_text(&subject), rule.id, &rule)) {
        enum trouble trouble = rule.trouble;
        found.before |= trouble == TROUBLE_TIMEOUT_BEFORE || trouble == TROUBLE_ERROR_BEFORE ||
                        trouble == TROUBLE_RESET_BEFORE;
        found.error |= trouble == TROUBLE_ERROR_BEFORE || trouble == TROUBLE_ERROR_AFTER;
        found.forge |= trouble == TROUBLE_ANSWER_FORGED;
        if (trouble == TROUBLE_LATENCY)
            found.delay_ms += rule.delay_ms;
        if (trouble == TROUBLE_TIMEOUT_BEFORE || trouble == TROUBLE_TIMEOUT_AFTER)
            found.delivery = DELIVERY_HANG;
        if (trouble == TROUBLE_RESET_BEFORE || trouble == TROUBLE_RESET_AFTER)
            found.delivery = DELIVERY_RESET;
    }
    return found;
}

static void serve_provider(struct sandbox *sandbox, const struct request *request,
    const char *channel, struct answer *answer) {
    struct troubles troubles = request_troubles(sandbox, request, channel);
    bool wechat = strcmp(channel, "wechat") == 0;
    answer->forge_signature = troubles.forge;
    if (!troubles.before)
        provide(sandbox, request, channel, answer);
    if (troubles.error) {
        *answer = (struct answer){.delay_ms = answer->delay_ms};
        if (wechat)
            wechat_error(request, answer, 500, "SYSTEM_ERROR", "系统异常，请稍后重试", "268435462");
        else
            answer_text(answer, 502, "text/html;charset=UTF-8", "<html>502 Bad Gateway</html>");
    }
    answer->delivery = troubles.delivery;
    answer->delay_ms += troubles.delay_ms;
    if (wechat && answer->status != 0)
        wechat_sign_answer(sandbox, request, answer);
}

void sandbox_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    *answer = (struct answer){.status = 0};
    book_begin(sandbox->book);
    trade_tick(sandbox, request->now);
    if (starts(request->path, "/v3/"))
        serve_provider(sandbox, request, "wechat", answer);
    else if (strcmp(request->path, CARD_PATH) == 0 || strcmp(request->path, CARD_REFUND_PATH) == 0)
        serve_provider(sandbox, request, "card", answer);
    else if (starts(request->path, "/cashier/"))
        cashier_handle(sandbox, request, answer);
    else if (starts(request->path, "/control"))
        control_handle(sandbox, request, answer);
    else if (strcmp(request->path, "/") == 0)
        answer_redirect(answer, "/control");
    else
        answer_text(answer, 404, "text/plain; charset=utf-8", "no such page\n");
    book_commit(sandbox->book);
}

void sandbox_tick(struct sandbox *sandbox, struct instant now) {
    book_begin(sandbox->book);
    trade_tick(sandbox, now);
    book_commit(sandbox->book);
}
