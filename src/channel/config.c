/*
 * config.c: the merchant file. Texts are copied into the arena; keys are OpenSSL's and are released
 * by channel_config_release(). Nothing of a value ever reaches a fault.
 */
#include "channel/config.h"

#include "codec/json_read.h"

#include <string.h>

static const char format_known[] = "fenqi-channels-1";
enum { API_V3_KEY_SIZE = 32 };

/* Reads one section of the file; the first trouble sticks. */
struct section {
    struct arena *arena;
    const char *name;
    const struct json_value *members;
    enum status status;
    struct fault *fault;
};

static const char *need_text(struct section *section, const char *name) {
    const char *text = json_member_text(section->members, name);
    if (text && *text)
        return text;
    if (section->status == STATUS_OK)
        section->status = fault_set(
            section->fault, STATUS_INVALID, "%s.%s is missing or no text", section->name, name);
    return "";
}

static struct rsa_key *need_key(struct section *section, const char *name, bool private_half) {
    const char *pem = need_text(section, name);
    if (section->status != STATUS_OK)
        return NULL;
    struct rsa_key *key = NULL;
    struct bytes bytes = bytes_of_text(pem);
    section->status = private_half ? rsa_read_private(bytes, &key, section->fault)
                                   : rsa_read_public(bytes, &key, section->fault);
    if (section->status != STATUS_OK)
        fault_wrap(section->fault, "%s.%s", section->name, name);
    return key;
}

static enum status read_wechat(
    struct section *section, const char *notify_base_url, struct wechat_config *out) {
    out->api_base_url = need_text(section, "api_base_url");
    out->mchid = need_text(section, "mchid");
    out->appid = need_text(section, "appid");
    out->merchant_serial = need_text(section, "merchant_serial");
    out->merchant_key = need_key(section, "merchant_private_key_pem", true);
    out->api_v3_key = bytes_of_text(need_text(section, "api_v3_key"));
    out->platform_serial = need_text(section, "platform_serial");
    out->platform_key = need_key(section, "platform_certificate_pem", false);
    out->public_key_id = need_text(section, "platform_public_key_id");
    out->public_key = need_key(section, "platform_public_key_pem", false);
    out->notify_url = arena_printf(section->arena, "%s/notify/wechat", notify_base_url);
    out->refund_notify_url = out->notify_url;
    if (section->status == STATUS_OK && out->api_v3_key.length != API_V3_KEY_SIZE)
        section->status = fault_set(section->fault, STATUS_INVALID,
            "%s.api_v3_key is not %d bytes long", section->name, API_V3_KEY_SIZE);
    return section->status;
}

static enum status read_card(
    struct section *section, const char *notify_base_url, struct card_config *out) {
    out->endpoint_url = need_text(section, "endpoint_url");
    out->refund_url = need_text(section, "refund_url");
    out->member_id = need_text(section, "member_id");
    out->terminal_id = need_text(section, "terminal_id");
    out->merchant_key = need_key(section, "merchant_private_key_pem", true);
    out->acquirer_key = need_key(section, "acquirer_certificate_pem", false);
    out->notify_url = arena_printf(section->arena, "%s/notify/card", notify_base_url);
    out->refund_notify_url = out->notify_url;
    return section->status;
}

static enum status check_mode(
    const struct json_value *file, enum channel_mode mode, struct fault *fault) {
    const char *format = json_member_text(file, "format");
    if (!format || strcmp(format, format_known) != 0)
        return fault_set(fault, STATUS_INVALID, "format is not %s", format_known);
    const char *named = json_member_text(file, "mode");
    bool live = named && strcmp(named, "live") == 0;
    if (!live && !(named && strcmp(named, "sandbox") == 0))
        return fault_set(fault, STATUS_INVALID, "mode is neither sandbox nor live");
    if (live != (mode == CHANNEL_MODE_LIVE))
        return fault_set(fault, STATUS_DENIED, "a %s file in a %s process: test and live never mix",
            live ? "live" : "sandbox", mode == CHANNEL_MODE_LIVE ? "live" : "test");
    return STATUS_OK;
}

enum status channel_config_read(struct arena *arena, struct bytes text, const char *notify_base_url,
    enum channel_mode mode, struct channel_config *out, struct fault *fault) {
    *out = (struct channel_config){.mode = mode};
    const struct json_value *file = NULL;
    enum status status = json_read(arena, text, &file, fault);
    if (status == STATUS_OK)
        status = check_mode(file, mode, fault);
    const struct json_value *wechat = json_member(file, "wechat"),
                            *card = json_member(file, "card");
    if (status == STATUS_OK && wechat) {
        struct section section = {arena, "wechat", wechat, STATUS_OK, fault};
        out->has_wechat = true;
        status = read_wechat(&section, notify_base_url, &out->wechat);
    }
    if (status == STATUS_OK && card) {
        struct section section = {arena, "card", card, STATUS_OK, fault};
        out->has_card = true;
        status = read_card(&section, notify_base_url, &out->card);
    }
    if (status != STATUS_OK)
        channel_config_release(out);
    return status;
}

void channel_config_release(struct channel_config *config) {
    rsa_free(config->wechat.merchant_key);
    rsa_free(config->wechat.platform_key);
    rsa_free(config->wechat.public_key);
    rsa_free(config->card.merchant_key);
    rsa_free(config->card.acquirer_key);
    *config = (struct channel_config){.mode = config->mode};
}
