/*
 * overdue_write.c: what being late means, as JSON. See overdue_write.h.
 *
 * Plain statements of what happens and when: no threats (web.md 1.4), and nobody is told that
 * paying tomorrow erases today.
 */
#include "api/overdue_write.h"

#include "base/check.h"
#include "engine/delinquency.h"
#include "engine/explain.h"
#include "service/amount_words.h"

/* "11月22日" for people. */
static char *day_words_zh(struct arena *arena, struct day day) {
    struct civil civil = day_to_civil(day);
    return arena_printf(arena, "%d 月 %d 日", civil.month, civil.day);
}

static char *day_words_en(struct arena *arena, struct day day) {
    static const char *const months[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil civil = day_to_civil(day);
    return arena_printf(arena, "%d %s", civil.day, months[civil.month - 1]);
}

void credit_record_write(
    struct json *json, const char *name, struct arena *arena, const struct order_view *view) {
    if (view->state == NULL) {
        json_null(json, name);
        return;
    }
    struct day today = view->quote->day;
    struct day report = bureau_report_day(view->terms, view->state);
    bool closed = view->state->status != CONTRACT_ACTIVE;
    bool late = view->quote->days_overdue > 0 && !day_is_none(report);
    const char *state = "normal";
    const char *zh = "按时还款，征信按“正常”如实报送";
    const char *en = "Paid in time; reported to the credit bureau as normal";
    struct day next = DAY_NONE;
    if (closed) {
        zh = "已结清，征信按“结清”报送";
        en = "Closed; reported to the credit bureau as settled";
    } else if (late && day_compare(today, report) < 0) {
        state = "will_report";
        next = report;
        zh = arena_printf(
            arena, "今天还清不会作为逾期上报；%s起如实上报", day_words_zh(arena, report));
        en = arena_printf(arena,
            "Paid today it is not reported as overdue; from %s it will be, as it is",
            day_words_en(arena, report));
    } else if (late) {
        state = "reported";
        zh = arena_printf(
            arena, "已于 %s如实上报逾期；还清后更新为已还清", day_words_zh(arena, report));
        en = arena_printf(arena, "Reported as overdue on %s; updated once it is paid",
            day_words_en(arena, report));
    }
    json_open(json, name, '{');
    json_string(json, "state", state);
    json_string(json, "text_zh", zh);
    json_string(json, "text_en", en);
    json_day(json, "report_on", next);
    json_close(json);
}

static void fact_write(struct json *json, struct day day, const char *zh, const char *en) {
    json_open(json, NULL, '{');
    json_day(json, "day", day);
    json_string(json, "text_zh", zh);
    json_string(json, "text_en", en);
    json_close(json);
}

/* What happens next, by day. */
static void facts_write(struct json *json, struct arena *arena, const struct order_view *view) {
    const struct due_quote *quote = view->quote;
    struct day report = bureau_report_day(view->terms, view->state);
    json_open(json, "facts", '[');
    if (money_is_positive(quote->further_day)) {
        const char *cost = yuan_words(arena, quote->further_day);
        fact_write(json, day_add(quote->day, 1),
            arena_printf(arena, "明天起，罚息每天增加约 ¥%s，直至还清", cost),
            arena_printf(arena, "From tomorrow penalty grows by about ¥%s a day", cost));
    }
    if (!day_is_none(report)) {
        bool coming = day_compare(quote->day, report) < 0;
        fact_write(json, report, coming ? "如仍未还清，将如实报送征信" : "逾期信息已如实报送征信",
            coming ? "If it is still unpaid, it is reported to the credit bureau"
                   : "The overdue amount was reported to the credit bureau");
    }
    enum bucket bucket = bucket_of_days(quote->days_overdue);
    if (bucket < BUCKET_M6_PLUS) {
        int32_t days = bucket_first_day((enum bucket)(bucket + 1)) - quote->days_overdue;
        fact_write(json, day_add(quote->day, days),
            arena_printf(arena, "逾期阶段将由 %s 变为 %s，征信状态随之变化", bucket_name(bucket),
                bucket_name((enum bucket)(bucket + 1))),
            arena_printf(arena, "The overdue stage moves from %s to %s, and so does the record",
                bucket_name(bucket), bucket_name((enum bucket)(bucket + 1))));
    }
    fact_write(json, DAY_NONE, "催收只会联系您本人，22:00 至次日 8:00 不会打扰",
        "Only you are contacted about this, never between 22:00 and 08:00");
    json_close(json);
}

void overdue_write(struct json *json, const char *name, struct arena *arena,
    const struct order_view *view, const struct extension_request *request) {
    const struct due_quote *quote = view->quote;
    if (quote == NULL || !money_is_positive(quote->overdue)) {
        json_null(json, name);
        return;
    }
    struct worded_lines all = {0};
    struct money penalty = MONEY_ZERO;
    struct day since = DAY_NONE;
    for (int32_t i = 0; i < quote->count; i++) {
        const struct instalment_quote *instalment = &quote->instalments[i];
        if (instalment->state != INSTALMENT_OVERDUE) {
            continue;
        }
        struct explanation explanation;
        explain_instalment(view->terms, view->state, quote->day, instalment->number, &explanation);
        struct worded_lines lines = word_explanation(arena, &explanation, true);
        join_lines(arena, &all, &lines);
        penalty = money_add(penalty, instalment->owed[COMPONENT_PENALTY]);
        if (day_is_none(since) || day_compare(instalment->due_day, since) < 0) {
            since = instalment->due_day;
        }
    }
    const char *cost = yuan_words(arena, quote->further_day);
    json_open(json, name, '{');
    json_integer(json, "days", quote->days_overdue);
    json_day(json, "since", since);
    json_money(json, "amount_fen", quote->overdue);
    json_money(json, "penalty_fen", penalty);
    write_lines(json, "lines", &all);
    json_money(json, "daily_cost_fen", quote->further_day);
    json_string(json, "daily_cost_zh", arena_printf(arena, "每多一天增加罚息 ¥%s", cost));
    json_string(json, "daily_cost_en", arena_printf(arena, "Each further day adds ¥%s", cost));
    json_boolean(json, "collection_paused", request != NULL && request->state == EXTENSION_WAITING);
    facts_write(json, arena, view);
    json_close(json);
}
