/* one_time_codes.c: codes sent to a phone. Exports what one_time_codes.h declares. */
#include "service/one_time_codes.h"

#include "base/check.h"
#include "service/find_or_create_customer.h"
#include "store/one_time_code.h"

#include <string.h>

const char *code_purpose_name(enum code_purpose purpose) {
    switch (purpose) {
    case CODE_LOGIN:
        return "login";
    case CODE_REGISTER:
        return "register";
    case CODE_SET_PASSWORD:
        return "set_password";
    }
    check(false);
    return "";
}

/* The keyed hash of phone, purpose and code: a hash of six digits alone would be guessed at once.
 */
static struct bytes code_hash(const struct vault *vault, const char *phone,
    enum code_purpose purpose, const char *code, struct arena *arena) {
    char *message = arena_printf(arena, "%s %s %s", phone, code_purpose_name(purpose), code);
    uint8_t *mac = arena_allocate(arena, VAULT_MAC_SIZE);
    vault_mac(vault, VAULT_ONE_TIME_CODE, bytes_of_text(message), mac);
    return (struct bytes){mac, VAULT_MAC_SIZE};
}

/* Six uniform digits: values above the largest multiple of a million are drawn again. */
static void draw_code(struct tx *tx, char code[CODE_TEXT_SIZE]) {
    const uint32_t million = 1000000;
    uint32_t value;
    do
        tx_random(tx, &value, sizeof value);
    while (value >= UINT32_MAX / million * million);
    value %= million;
    for (int i = CODE_DIGITS - 1; i >= 0; i--) {
        code[i] = (char)('0' + value % 10);
        value /= 10;
    }
    code[CODE_DIGITS] = '\0';
}

static bool constant_time_equal(struct bytes a, struct bytes b) {
    if (a.length != b.length)
        return false;
    uint8_t difference = 0;
    for (size_t i = 0; i < a.length; i++)
        difference |= (uint8_t)(a.at[i] ^ b.at[i]);
    return difference == 0;
}

enum status send_code(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, enum code_purpose purpose, struct send_code_answer *answer) {
    *answer = (struct send_code_answer){.outcome = SEND_CODE_OK, .resend_after_s = CODE_RESEND_S};
    struct arena *arena = tx_arena(tx);
    struct bytes hash = phone_hash(vault, phone, arena);
    struct day today = instant_to_day(moment.now, ZONE_SHANGHAI);
    struct one_time_code code = {0};
    bool found;
    enum status status = one_time_code_load(tx, hash, code_purpose_name(purpose), &code, &found);
    if (status != STATUS_OK)
        return status;
    int64_t since_us = moment.now.us - code.sent_at.us;
    if (found && since_us < CODE_RESEND_S * US_PER_SECOND) {
        answer->outcome = SEND_CODE_TOO_SOON;
        answer->resend_after_s = (int32_t)(CODE_RESEND_S - since_us / US_PER_SECOND);
        return STATUS_OK;
    }
    int32_t sent_today = found && day_compare(code.sent_day, today) == 0 ? code.sent_count : 0;
    if (sent_today >= CODE_DAILY_LIMIT) {
        answer->outcome = SEND_CODE_LIMIT_REACHED;
        return STATUS_OK;
    }
    draw_code(tx, answer->code);
    answer->expires_at = instant_add_seconds(moment.now, CODE_LIFE_S);
    return one_time_code_save(
        tx, &(struct one_time_code){
                .phone_hash = hash,
                .purpose = code_purpose_name(purpose),
                .code_hash = code_hash(vault, phone, purpose, answer->code, arena),
                .sent_at = moment.now,
                .expires_at = answer->expires_at,
                .attempts = 0,
                .sent_day = today,
                .sent_count = sent_today + 1,
            });
}

enum status check_code(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, enum code_purpose purpose, const char *code,
    enum check_code_outcome *outcome) {
    struct arena *arena = tx_arena(tx);
    struct one_time_code stored = {0};
    bool found;
    enum status status = one_time_code_load(
        tx, phone_hash(vault, phone, arena), code_purpose_name(purpose), &stored, &found);
    if (status != STATUS_OK)
        return status;
    if (!found || instant_compare(stored.expires_at, moment.now) <= 0) {
        *outcome = CHECK_CODE_EXPIRED;
        return STATUS_OK;
    }
    if (stored.attempts >= CODE_WRONG_LIMIT) {
        *outcome = CHECK_CODE_LOCKED;
        return STATUS_OK;
    }
    bool right =
        constant_time_equal(stored.code_hash, code_hash(vault, phone, purpose, code, arena));
    *outcome = right ? CHECK_CODE_OK : CHECK_CODE_WRONG;
    if (right)
        stored.expires_at = moment.now; /* it works once */
    else
        stored.attempts++;
    return one_time_code_save(tx, &stored);
}
