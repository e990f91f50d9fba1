/* delinquency.c: days late and what they are called. Exports what delinquency.h declares. */
#include "engine/delinquency.h"

#include "base/check.h"

static const int32_t first_days[BUCKET_COUNT] = {0, 1, 31, 61, 91, 121, 151, 181};

enum bucket bucket_of_days(int32_t days) {
    check(days >= 0);
    int bucket = BUCKET_COUNT - 1;
    while (days < first_days[bucket])
        bucket--;
    return (enum bucket)bucket;
}

int32_t bucket_first_day(enum bucket bucket) {
    check((unsigned)bucket < BUCKET_COUNT);
    return first_days[bucket];
}

const char *bucket_name(enum bucket bucket) {
    static const char *const names[BUCKET_COUNT] = {
        "M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+"};
    check((unsigned)bucket < BUCKET_COUNT);
    return names[bucket];
}

enum loan_class class_of_days(int32_t days) {
    check(days >= 0);
    return days == 0     ? CLASS_NORMAL
           : days <= 90  ? CLASS_SPECIAL_MENTION
           : days <= 120 ? CLASS_SUBSTANDARD
           : days <= 180 ? CLASS_DOUBTFUL
                         : CLASS_LOSS;
}

const char *loan_class_name(enum loan_class class) {
    static const char *const names[] = {
        "normal", "special_mention", "substandard", "doubtful", "loss"};
    check((unsigned)class <= CLASS_LOSS);
    return names[class];
}

/* Whether something of the instalment was still owed at the end of `day`. */
static bool was_open(const struct instalment *instalment, struct day day) {
    return day_is_none(instalment->settled_day) || day_compare(instalment->settled_day, day) > 0;
}

int32_t days_past_due(const struct contract_state *state, struct day day) {
    int32_t days = 0;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (was_open(instalment, day) && days_between(instalment->due_day, day) > days)
            days = days_between(instalment->due_day, day);
    }
    return days;
}

static bool within(struct day day, struct day from, struct day to) {
    return day_compare(day, from) >= 0 && day_compare(day, to) <= 0;
}

char bureau_status_code(
    const struct terms *terms, const struct contract_state *state, struct day day) {
    struct civil civil = day_to_civil(day);
    struct day month_start = day_from_civil(civil.year, civil.month, 1);
    if (state->status == CONTRACT_NEW || day_compare(day, terms->start_day) < 0)
        return '/';
    if (!day_is_none(state->closed_day) && day_compare(state->closed_day, day) <= 0)
        return day_compare(state->closed_day, month_start) < 0 ? '/' : 'C';
    int32_t days = days_past_due(state, day);
    if (days > terms->penalty.grace_days)
        return (char)('0' + (int)bucket_of_days(days));
    bool due_this_month = false;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (!within(instalment->due_day, month_start, day))
            continue;
        due_this_month = true;
        if (!was_open(instalment, day) &&
            days_between(instalment->due_day, instalment->settled_day) > terms->penalty.grace_days)
            return 'M';
    }
    return due_this_month ? 'N' : '*';
}

struct day bureau_report_day(const struct terms *terms, const struct contract_state *state) {
    struct day first = DAY_NONE;
    for (int32_t i = 0; i < state->instalment_count; i++) {
        const struct instalment *instalment = &state->instalments[i];
        if (day_is_none(instalment->settled_day) &&
            (day_is_none(first) || day_compare(instalment->due_day, first) < 0))
            first = instalment->due_day;
    }
    return day_is_none(first) ? first : day_add(first, terms->penalty.grace_days + 1);
}
