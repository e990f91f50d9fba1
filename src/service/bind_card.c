/* bind_card.c: the customer's side of binding a card. See bind_card.h. */
#include "service/bind_card.h"

#include "base/check.h"
#include "base/mask.h"
#include "channel/channel.h"
#include "codec/text_bytes.h"
#include "service/bell.h"
#include "service/collect_due.h"
#include "service/find_or_create_customer.h"
#include "service/source_words.h"

#include <stdlib.h>
#include <string.h>

/* ISO/IEC 7812 check digit (Luhn), 12 to 19 digits. */
static bool card_number_is_valid(const char *number) {
    size_t length = strlen(number);
    if (length < 12 || length > 19 || strspn(number, "0123456789") != length)
        return false;
    int sum = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = number[length - 1 - i] - '0';
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum % 10 == 0;
}

/* GB 11643: 17 digits, a check character, and a real date of birth. */
static bool identity_is_valid(const char *identity) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    if (strlen(identity) != 18 || strspn(identity, "0123456789") < 17)
        return false;
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (identity[i] - '0') * weights[i];
    char birth[DAY_TEXT_SIZE] = {identity[6], identity[7], identity[8], identity[9], '-',
        identity[10], identity[11], '-', identity[12], identity[13], '\0'};
    struct day day;
    return identity[17] == checks[sum % 11] && day_from_text(birth, 10, &day);
}

/* Chinese banks' credit cards of the common kinds begin so; debit cards with 62 have 16 to 19. */
static bool is_credit_card(const char *number) {
    static const char *const starts[] = {"34", "35", "36", "37", "51", "52", "53", "54", "55"};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (strncmp(number, starts[i], 2) == 0 && strlen(number) <= 16)
            return !*bank_of_card(number);
    return false;
}

static struct bytes hash_of_card(struct tx *tx, const struct vault *vault, const char *number) {
    uint8_t *mac = arena_allocate(tx_arena(tx), VAULT_MAC_SIZE);
    /* The length in front keeps cards apart from phone numbers under the same key. */
    const char *text = arena_printf(tx_arena(tx), "card:%zu:%s", strlen(number), number);
    vault_mac(vault, VAULT_PHONE_DIRECTORY, bytes_of_text(text), mac);
    return (struct bytes){mac, VAULT_MAC_SIZE};
}

static enum status find_same_card(
    struct tx *tx, int64_t customer_id, struct bytes hash, struct funding_source **same) {
    struct funding_source *sources;
    size_t count;
    *same = NULL;
    enum status status = funding_source_list(tx, customer_id, &sources, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (sources[i].state != FUNDING_SOURCE_REMOVED && bytes_equal(sources[i].card_hash, hash))
            *same = &sources[i];
    return status;
}

static enum status load_key(struct tx *tx, const struct vault *vault, int64_t customer_id,
    struct customer *customer, struct customer_key *key) {
    bool found;
    enum status status = customer_load(tx, customer_id, customer, &found);
    if (status == STATUS_OK && !found)
        status = fault_set(tx_fault(tx), STATUS_CORRUPT, "a funding source without its customer");
    return status == STATUS_OK ? customer_key_open(tx, vault, customer, key) : status;
}

static struct bytes seal(struct tx *tx, const struct customer_key *key, const char *label,
    int64_t id, const char *text) {
    uint8_t nonce[VAULT_NONCE_SIZE];
    tx_random(tx, nonce, sizeof nonce);
    return customer_seal_text(key, label, id, nonce, text, tx_arena(tx));
}

static enum status leave_item(struct tx *tx, struct moment moment, int64_t customer_id,
    const char *kind, const char *payload) {
    struct outbox_item item = {
        .customer_id = customer_id,
        .outbox_id = tx_new_id(tx, moment.now),
        .lane = OUTBOX_CHANNEL,
        .kind = kind,
        .payload = bytes_of_text(payload),
        .next_try_at = moment.now,
    };
    bell_on_commit(tx, BELL_CHANNEL);
    return outbox_insert(tx, &item, moment.now);
}

static enum status leave_source_item(
    struct tx *tx, struct moment moment, const struct funding_source *source, const char *kind) {
    return leave_item(tx, moment, source->customer_id, kind,
        arena_printf(tx_arena(tx), "%lld", (long long)source->funding_source_id));
}

/* Writes a new source down, or starts the pending one of the same card over again. */
static enum status start_binding(struct tx *tx, struct moment moment,
    const struct bind_card *command, const struct customer_key *key, struct bytes hash,
    struct funding_source *same, struct funding_source **source) {
    char tail[MASK_SIZE], phone[MASK_SIZE];
    struct funding_source *made = same ? same : ARENA_NEW(tx_arena(tx), struct funding_source);
    if (!same)
        *made = (struct funding_source){
            .customer_id = command->customer_id,
            .funding_source_id = tx_new_id(tx, moment.now),
            .mode = (int32_t)command->rails.mode,
            .bank_code = bank_of_card(command->card_number),
            .tail = arena_text(tx_arena(tx), mask_card(command->card_number, tail)),
            .card_hash = hash,
            .created_at = moment.now,
        };
    made->state = FUNDING_SOURCE_PENDING;
    made->phone_masked = arena_text(tx_arena(tx), mask_phone(command->phone, phone));
    made->card_sealed = seal(tx, key, "funding.card", made->funding_source_id,
        arena_printf(tx_arena(tx), "%s|%s|%s|%s", command->card_number, command->name,
            command->identity_number, command->phone));
    made->bind_ref_sealed = (struct bytes){NULL, 0};
    made->bind_state = BIND_STARTING;
    made->failure = CHANNEL_FAILURE_NONE;
    made->wrong_codes = 0;
    made->code_sent_at = moment.now;
    *source = made;
    enum status status = same ? funding_source_save(tx, made) : funding_source_insert(tx, made);
    return status == STATUS_OK ? leave_source_item(tx, moment, made, OUTBOX_KIND_BIND_START)
                               : status;
}

static int32_t seconds_to_wait(struct moment moment, const struct funding_source *same) {
    if (!same || same->code_sent_at.us == 0 || same->bind_state == BIND_REFUSED)
        return 0;
    int64_t waited_s = (moment.now.us - same->code_sent_at.us) / US_PER_SECOND;
    return waited_s < CODE_RESEND_AFTER_S ? (int32_t)(CODE_RESEND_AFTER_S - waited_s) : 0;
}

enum status bind_card(struct tx *tx, struct moment moment, const struct bind_card *command,
    struct bind_card_answer *answer) {
    *answer = (struct bind_card_answer){.outcome = BIND_CARD_OK};
    struct customer *customer = ARENA_NEW(tx_arena(tx), struct customer);
    struct customer_key key;
    struct funding_source *same;
    char *known_name = NULL;
    struct bytes hash = hash_of_card(tx, command->vault, command->card_number);
    enum status status = load_key(tx, command->vault, command->customer_id, customer, &key);
    if (status == STATUS_OK)
        status = customer_open_name(tx, command->vault, customer, &known_name);
    if (status == STATUS_OK)
        status = find_same_card(tx, command->customer_id, hash, &same);
    if (status != STATUS_OK)
        return status;
    answer->resend_after_s = seconds_to_wait(moment, same);
    bool bound = same && same->state == FUNDING_SOURCE_ACTIVE;
    if (!card_number_is_valid(command->card_number))
        answer->outcome = BIND_CARD_NUMBER_INVALID;
    else if (is_credit_card(command->card_number))
        answer->outcome = BIND_CARD_NOT_SUPPORTED;
    else if (!identity_is_valid(command->identity_number))
        answer->outcome = BIND_CARD_IDENTITY_INVALID;
    else if (strchr(command->name, '|') || (known_name && strcmp(known_name, command->name) != 0))
        answer->outcome = BIND_CARD_NAME_MISMATCH;
    else if (bound)
        answer->outcome = BIND_CARD_ALREADY_BOUND;
    else if (answer->resend_after_s > 0)
        answer->outcome = BIND_CARD_CODE_TOO_SOON;
    else if (!command->rails.card)
        answer->outcome = BIND_CARD_CHANNEL_UNAVAILABLE;
    if (answer->outcome != BIND_CARD_OK)
        return STATUS_OK;
    answer->resend_after_s = CODE_RESEND_AFTER_S;
    return start_binding(tx, moment, command, &key, hash, same, &answer->source);
}

static enum confirm_card_outcome judge_confirmation(
    struct moment moment, const struct funding_source *source) {
    if (!source || source->state == FUNDING_SOURCE_REMOVED)
        return CONFIRM_CARD_NOT_FOUND;
    if (source->state == FUNDING_SOURCE_ACTIVE || source->bind_state == BIND_CONFIRMING)
        return CONFIRM_CARD_ALREADY;
    if (source->wrong_codes >= CODE_WRONG_MOST)
        return CONFIRM_CARD_CODE_LOCKED;
    struct instant until = instant_add_seconds(source->code_sent_at, CODE_LIFETIME_S);
    if (source->bind_state == BIND_REFUSED || instant_compare(moment.now, until) > 0)
        return CONFIRM_CARD_CODE_EXPIRED;
    if (source->bind_state == BIND_STARTING)
        return CONFIRM_CARD_CHANNEL_UNAVAILABLE;
    return CONFIRM_CARD_OK;
}

enum status confirm_card(struct tx *tx, struct moment moment, const struct vault *vault,
    int64_t customer_id, int64_t funding_source_id, const char *sms_code,
    enum confirm_card_outcome *outcome) {
    struct funding_source *source;
    enum status status = funding_source_load(tx, customer_id, funding_source_id, &source);
    if (status != STATUS_OK)
        return status;
    *outcome = judge_confirmation(moment, source);
    if (*outcome != CONFIRM_CARD_OK)
        return STATUS_OK;
    struct customer *customer = ARENA_NEW(tx_arena(tx), struct customer);
    struct customer_key key;
    status = load_key(tx, vault, customer_id, customer, &key);
    if (status != STATUS_OK)
        return status;
    source->bind_state = BIND_CONFIRMING;
    source->failure = CHANNEL_FAILURE_NONE;
    struct bytes code = seal(tx, &key, "funding.sms", funding_source_id, sms_code);
    const char *payload = arena_printf(
        tx_arena(tx), "%lld %s", (long long)funding_source_id, hex_write(tx_arena(tx), code));
    status = funding_source_save(tx, source);
    return status == STATUS_OK
               ? leave_item(tx, moment, customer_id, OUTBOX_KIND_BIND_CONFIRM, payload)
               : status;
}

static enum status is_used(
    struct tx *tx, int64_t customer_id, int64_t funding_source_id, bool *autopay, bool *paying) {
    struct autopay settings;
    struct payment *live;
    size_t count = 0;
    int64_t ids[AUTOPAY_SOURCES_MAX];
    *autopay = *paying = false;
    enum status status = autopay_load(tx, customer_id, &settings);
    if (status == STATUS_OK)
        status = payment_live(tx, customer_id, &live, &count);
    if (status != STATUS_OK)
        return status;
    size_t sources = autopay_sources_read(settings.sources, ids);
    for (size_t i = 0; i < sources; i++)
        *autopay = *autopay || (settings.enabled && ids[i] == funding_source_id);
    for (size_t i = 0; i < count; i++)
        *paying = *paying || live[i].funding_source_id == funding_source_id;
    return STATUS_OK;
}

enum status unbind_card(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t funding_source_id, enum unbind_card_outcome *outcome) {
    struct funding_source *source;
    bool autopay, paying;
    enum status status = funding_source_load(tx, customer_id, funding_source_id, &source);
    if (status == STATUS_OK)
        status = is_used(tx, customer_id, funding_source_id, &autopay, &paying);
    if (status != STATUS_OK)
        return status;
    *outcome = UNBIND_CARD_OK;
    if (!source || source->state == FUNDING_SOURCE_REMOVED)
        *outcome = UNBIND_CARD_NOT_FOUND;
    else if (autopay)
        *outcome = UNBIND_CARD_IN_USE;
    else if (paying)
        *outcome = UNBIND_CARD_PAYMENT_IN_PROGRESS;
    if (*outcome != UNBIND_CARD_OK)
        return STATUS_OK;
    source->state = FUNDING_SOURCE_REMOVED;
    source->removed_at = moment.now;
    source->card_sealed = (struct bytes){NULL, 0};
    status = funding_source_save(tx, source);
    if (status == STATUS_OK && source->protocol_sealed.length > 0)
        status = leave_source_item(tx, moment, source, OUTBOX_KIND_UNBIND);
    return status;
}

enum status test_debit(struct tx *tx, struct moment moment, int64_t customer_id,
    int64_t funding_source_id, struct autopay_test *test, enum test_debit_outcome *outcome) {
    enum { AGAIN_AFTER_S = 10 };
    struct funding_source *source = NULL;
    struct autopay_test *tests;
    size_t count;
    *outcome = TEST_DEBIT_OK;
    enum status status = autopay_test_list(tx, customer_id, &tests, &count);
    if (status == STATUS_OK && funding_source_id)
        status = funding_source_load(tx, customer_id, funding_source_id, &source);
    if (status != STATUS_OK)
        return status;
    if (funding_source_id && (!source || source->state == FUNDING_SOURCE_REMOVED))
        *outcome = TEST_DEBIT_NOT_FOUND;
    else if (source && source->state != FUNDING_SOURCE_ACTIVE)
        *outcome = TEST_DEBIT_UNUSABLE;
    for (size_t i = 0; i < count; i++)
        if (*outcome == TEST_DEBIT_OK && tests[i].funding_source_id == funding_source_id &&
            moment.now.us - tests[i].at.us < AGAIN_AFTER_S * US_PER_SECOND)
            *outcome = TEST_DEBIT_TOO_SOON;
    if (*outcome != TEST_DEBIT_OK)
        return STATUS_OK;
    *test = (struct autopay_test){
        .funding_source_id = funding_source_id,
        .state = source ? AUTOPAY_TEST_PROCESSING : AUTOPAY_TEST_PASSED,
        .at = moment.now,
    };
    status = autopay_test_save(tx, customer_id, test);
    if (status == STATUS_OK && source)
        status = leave_source_item(tx, moment, source, OUTBOX_KIND_TEST_DEBIT);
    return status;
}
