/* role.c: which part of the work a process does. See role.h. */
#include "main/role.h"

#include "base/check.h"
#include "store/setting.h"

#include <stdio.h>
#include <string.h>

#define SETTING_RAILS "payment_rails"

static const struct {
    const char *name;
    enum api_part part;
} roles[] = {
    [ROLE_ALL] = {"all", API_PART_ALL},
    [ROLE_API] = {"api", API_PART_PEOPLE},
    [ROLE_JOBS] = {"jobs", API_PART_NONE},
    [ROLE_CHANNEL] = {"channel", API_PART_PROVIDERS},
};
enum { ROLE_COUNT = sizeof roles / sizeof roles[0] };

bool role_read(const char *name, enum role *role) {
    for (int i = 0; i < ROLE_COUNT; i++) {
        if (strcmp(roles[i].name, name) != 0)
            continue;
        *role = (enum role)i;
        return true;
    }
    return false;
}

const char *role_name(enum role role) {
    check((unsigned)role < ROLE_COUNT);
    return roles[role].name;
}

enum api_part role_part(enum role role) {
    check((unsigned)role < ROLE_COUNT);
    return roles[role].part;
}

static enum status publish_unit(struct tx *tx, void *context) {
    const struct payment_rails *rails = context;
    return setting_save(tx, SETTING_RAILS,
        arena_printf(tx_arena(tx), "%d %d %d", (int)rails->mode, rails->card, rails->wechat));
}

enum status rails_publish(
    struct store *store, const struct payment_rails *rails, struct fault *fault) {
    struct payment_rails copy = *rails;
    return store_run(store, STORE_NO_KEY, NULL, publish_unit, &copy, fault);
}

static enum status find_unit(struct tx *tx, void *context) {
    struct payment_rails *rails = context;
    char *text;
    enum status status = setting_load(tx, SETTING_RAILS, &text);
    if (status != STATUS_OK)
        return status;
    int mode, card, wechat;
    if (!text || sscanf(text, "%d %d %d", &mode, &card, &wechat) != 3)
        return fault_set(tx_fault(tx), STATUS_NOT_FOUND,
            "start a process with --role channel first: it says which channels there are");
    *rails = (struct payment_rails){(enum channel_mode)mode, card != 0, wechat != 0};
    return STATUS_OK;
}

enum status rails_find(
    struct store *store, enum channel_mode mode, struct payment_rails *rails, struct fault *fault) {
    enum status status = store_read(store, NULL, find_unit, rails, fault);
    if (status == STATUS_OK && rails->mode != mode)
        return fault_set(fault, STATUS_INVALID,
            "the process with the provider keys runs in %s mode, this one does not",
            rails->mode == CHANNEL_MODE_LIVE ? "live" : "test");
    return status;
}
