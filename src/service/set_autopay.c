/* set_autopay.c: automatic repayment is set. See set_autopay.h. */
#include "service/set_autopay.h"

#include "service/send_notice.h"

#include <string.h>

static enum status check_sources(struct tx *tx, const struct set_autopay *command,
    enum set_autopay_outcome *outcome, struct words *first) {
    *outcome = SET_AUTOPAY_OK;
    bool unusable = false;
    for (size_t i = 0; i < command->source_count; i++) {
        struct funding_source *source = NULL;
        int64_t id = command->source_ids[i];
        enum status status = STATUS_OK;
        if (id != 0)
            status = funding_source_load(tx, command->customer_id, id, &source);
        if (status != STATUS_OK)
            return status;
        if (id != 0 && (!source || source->state == FUNDING_SOURCE_REMOVED)) {
            *outcome = SET_AUTOPAY_SOURCE_NOT_FOUND;
            return STATUS_OK;
        }
        unusable = unusable || (source && (source->state != FUNDING_SOURCE_ACTIVE ||
                                              source->mode != (int32_t)command->mode));
        for (size_t j = 0; j < i; j++)
            unusable = unusable || command->source_ids[j] == id;
        if (i == 0)
            *first = source_words(tx_arena(tx), source);
    }
    if (unusable && command->enabled)
        *outcome = SET_AUTOPAY_SOURCE_UNUSABLE;
    return STATUS_OK;
}

static enum set_autopay_outcome check_consent(const struct set_autopay *command) {
    if (!command->enabled)
        return SET_AUTOPAY_OK;
    if (!command->consent_version)
        return SET_AUTOPAY_CONSENT_REQUIRED;
    if (strcmp(command->consent_version, AUTOPAY_CONSENT_VERSION) != 0)
        return SET_AUTOPAY_CONSENT_OUTDATED;
    if (command->source_count == 0 || command->source_count > AUTOPAY_SOURCES_MAX)
        return SET_AUTOPAY_SOURCES_REQUIRED;
    return SET_AUTOPAY_OK;
}

static enum status save(struct tx *tx, struct moment moment, const struct set_autopay *command,
    struct autopay *autopay, const struct words *first) {
    struct mandate mandate = {
        .customer_id = command->customer_id,
        .mandate_id = tx_new_id(tx, moment.now),
        .enabled = command->enabled,
        .sources = autopay_sources_write(tx_arena(tx), command->source_ids, command->source_count),
        .consent_version = command->enabled ? AUTOPAY_CONSENT_VERSION : NULL,
        .consent_text = command->enabled ? autopay_consent_words().zh : NULL,
        .mode = (int32_t)command->mode,
        .created_at = moment.now,
    };
    autopay->version++;
    autopay->enabled = command->enabled;
    autopay->sources = mandate.sources;
    if (command->enabled) {
        autopay->consent_version = AUTOPAY_CONSENT_VERSION;
        autopay->consent_at = moment.now;
    }
    autopay->mandate_id = mandate.mandate_id;
    enum status status = mandate_insert(tx, &mandate);
    if (status == STATUS_OK)
        status = autopay_save(tx, command->customer_id, autopay);
    struct message_parameters parameters = {
        .source = command->enabled ? first->zh : "已关闭",
        .source_en = command->enabled ? first->en : "switched off",
    };
    return status == STATUS_OK
               ? send_notice(tx, moment, command->customer_id, MESSAGE_AUTOPAY_CHANGED, &parameters)
               : status;
}

enum status set_autopay(struct tx *tx, struct moment moment, const struct set_autopay *command,
    enum set_autopay_outcome *outcome) {
    struct autopay autopay;
    struct words first = {"", ""};
    enum status status = autopay_load(tx, command->customer_id, &autopay);
    if (status != STATUS_OK)
        return status;
    *outcome = SET_AUTOPAY_VERSION_CONFLICT;
    if (autopay.version != command->version)
        return STATUS_OK;
    status = check_sources(tx, command, outcome, &first);
    if (status == STATUS_OK && *outcome == SET_AUTOPAY_OK)
        *outcome = check_consent(command);
    if (status != STATUS_OK || *outcome != SET_AUTOPAY_OK)
        return status;
    return save(tx, moment, command, &autopay, &first);
}
