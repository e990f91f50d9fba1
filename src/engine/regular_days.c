/*
 * regular_days.c: regular periods and their stubs. Exports what regular_days.h declares.
 *
 * Days are stepped from the end that has no stub to the other; what is left there is the stub.
 */
#include "engine/regular_days.h"

#include "base/check.h"
#include "base/month.h"

#include <stddef.h>

enum { DAYS_PER_WEEK = 7, SMART_STUB_DAYS = 7, MONTH_END_DAY = 31 };

static bool is_by_months(const struct regular_days *request) {
    return request->length > 0 && (request->unit == PERIOD_MONTH || request->unit == PERIOD_YEAR);
}

/* Of those that are not by months. */
static bool is_by_weeks(const struct regular_days *request) {
    return request->length > 0 &&
           (request->unit == PERIOD_WEEK || request->length % DAYS_PER_WEEK == 0);
}

/* The day of the month that the pattern asks for, 31 for its end; 0 when it asks for none. */
static int32_t month_day_of(struct day_pattern pattern) {
    if (pattern.kind == PATTERN_MONTH_END)
        return MONTH_END_DAY;
    return pattern.kind == PATTERN_DAY_OF_MONTH ? pattern.number : 0;
}

/*
 * A day that was told rolled, back on the pattern: the pattern's day of the same month (or week)
 * when that rolls to `day`, otherwise `day` itself.
 */
static struct day unrolled(
    const struct regular_days *request, struct day day, enum roll_rule roll) {
    struct day meant = day_pattern_adjust(request->pattern, day);
    return day_compare(working_day_roll(&request->working, meant, roll), day) == 0 ? meant : day;
}

/* The days that the regular periods are stepped between. */
struct frame {
    struct day start;
    struct day first; /* regular day */
    struct day last;  /* regular day */
    struct day end;
};

static struct frame frame_of(const struct regular_days *request) {
    struct frame frame = {
        request->start, request->first_regular, request->last_regular, request->end};
    bool start_told_rolled =
        request->start_roll == ROLL_NONE || request->pattern.kind == PATTERN_MONTH_END;
    if (start_told_rolled)
        frame.start = unrolled(request, frame.start, request->roll);
    frame.end = unrolled(request, frame.end, request->roll);
    frame.first =
        day_is_none(frame.first) ? frame.start : unrolled(request, frame.first, request->roll);
    frame.last = day_is_none(frame.last) ? frame.end : unrolled(request, frame.last, request->roll);
    return frame;
}

static bool is_first_stub(enum stub stub) {
    return stub == STUB_SHORT_FIRST || stub == STUB_LONG_FIRST || stub == STUB_SMART_FIRST;
}

/* The pattern of regular days that are told by one of them. */
static struct day_pattern told_by(
    const struct regular_days *request, struct day day, bool prefer_month_end) {
    if (is_by_months(request))
        return prefer_month_end && day_is_month_end(day)
                   ? day_pattern_of_month(MONTH_END_DAY)
                   : day_pattern_of_month(day_to_civil(day).day);
    if (is_by_weeks(request))
        return (struct day_pattern){PATTERN_DAY_OF_WEEK, day_weekday(day)};
    return (struct day_pattern){PATTERN_ANY, 0};
}

/* The pattern in use: as asked, or told by the regular days (R-0117). */
static struct day_pattern pattern_of(
    const struct regular_days *request, const struct frame *frame) {
    bool month_end = request->pattern.kind == PATTERN_MONTH_END;
    if (!month_end && request->pattern.kind != PATTERN_UNSTATED &&
        request->pattern.kind != PATTERN_ANY)
        return request->pattern;
    bool no_stub = request->stub == STUB_UNSTATED || request->stub == STUB_NONE;
    int32_t first = day_to_civil(frame->first).day;
    int32_t last = day_to_civil(frame->last).day;
    bool one_month = day_compare(day_month_end(frame->first), day_month_end(frame->last)) == 0;
    bool ends = day_is_month_end(frame->first) || day_is_month_end(frame->last);
    if (no_stub && is_by_months(request) && first != last && !one_month && ends)
        return day_pattern_of_month(month_end ? MONTH_END_DAY : (first > last ? first : last));
    struct day_pattern told =
        told_by(request, is_first_stub(request->stub) ? frame->last : frame->first, month_end);
    return told.kind == PATTERN_ANY && month_end ? request->pattern : told;
}

/* The stub between the regular days, once those outside of them are taken away. */
static enum regular_days_outcome stub_between(
    const struct regular_days *request, const struct frame *frame, enum stub *stub) {
    bool first_told = day_compare(frame->start, frame->first) != 0;
    bool last_told = day_compare(frame->last, frame->end) != 0;
    bool first = is_first_stub(request->stub);
    switch (request->stub) {
    case STUB_UNSTATED: {
        int32_t wanted = first_told || last_told ? 0 : month_day_of(request->pattern);
        *stub = STUB_NONE;
        if (wanted != 0 && wanted == day_to_civil(frame->last).day)
            *stub = STUB_SMART_FIRST;
        else if (wanted != 0 && wanted == day_to_civil(frame->first).day)
            *stub = STUB_SMART_LAST;
        return REGULAR_DAYS_OK;
    }
    case STUB_NONE:
        *stub = STUB_NONE;
        return first_told || last_told ? REGULAR_DAYS_STUB_CONTRADICTED : REGULAR_DAYS_OK;
    case STUB_BOTH:
        *stub = STUB_NONE;
        return first_told && last_told ? REGULAR_DAYS_OK : REGULAR_DAYS_STUB_CONTRADICTED;
    case STUB_SMART_FIRST:
    case STUB_SMART_LAST:
        *stub = (first ? first_told : last_told) ? STUB_NONE : request->stub;
        return REGULAR_DAYS_OK;
    case STUB_SHORT_FIRST:
    case STUB_LONG_FIRST:
    case STUB_SHORT_LAST:
    case STUB_LONG_LAST:
        *stub = (first ? first_told : last_told) ? STUB_NONE : request->stub;
        return (first ? last_told : first_told) ? REGULAR_DAYS_STUB_CONTRADICTED : REGULAR_DAYS_OK;
    }
    check(false);
    return REGULAR_DAYS_OK;
}

static bool push(struct regular_days_result *result, struct day day) {
    if (result->count == result->room)
        return false;
    result->scheduled[result->count++] = day;
    return true;
}

static void reverse(struct day *days, int32_t count) {
    for (int32_t i = 0; i < count / 2; i++) {
        struct day day = days[i];
        days[i] = days[count - 1 - i];
        days[count - 1 - i] = day;
    }
}

/* Whether a stub between the two days is joined with the period next to it. */
static bool is_joined(enum stub stub, struct day from, struct day to) {
    switch (stub) {
    case STUB_LONG_FIRST:
    case STUB_LONG_LAST:
        return true;
    case STUB_SMART_FIRST:
    case STUB_SMART_LAST:
        return days_between(from, to) < SMART_STUB_DAYS;
    case STUB_UNSTATED:
    case STUB_NONE:
    case STUB_SHORT_FIRST:
    case STUB_SHORT_LAST:
    case STUB_BOTH:
        return false;
    }
    check(false);
    return false;
}

static enum regular_days_outcome step_back(const struct regular_days *request,
    const struct frame *frame, enum stub stub, struct regular_days_result *result) {
    if (!day_pattern_fits(result->pattern, frame->last))
        return REGULAR_DAYS_OFF_PATTERN;
    bool room = true;
    if (day_compare(frame->last, frame->end) != 0)
        room = push(result, frame->end);
    struct day day = frame->last;
    for (; room && day_compare(day, frame->start) > 0;
         day = day_pattern_previous(result->pattern, day, request->unit, request->length))
        room = push(result, day);
    bool is_stub = day_compare(day, frame->start) != 0;
    if (room && is_stub && result->count > 1 &&
        is_joined(stub, frame->start, result->scheduled[result->count - 1]))
        result->count--;
    if (!room || !push(result, frame->start))
        return REGULAR_DAYS_TOO_MANY;
    reverse(result->scheduled, result->count);
    return REGULAR_DAYS_OK;
}

/* Ends of months may end on the day of the month that they began on (30 Apr … 30 Oct). */
static bool ends_as_it_began(const struct regular_days *request, const struct frame *frame,
    const struct regular_days_result *result) {
    return result->pattern.kind == PATTERN_MONTH_END && is_by_months(request) &&
           day_compare(frame->last, frame->end) == 0 &&
           day_to_civil(frame->first).day == day_to_civil(frame->last).day;
}

static enum regular_days_outcome step_on(const struct regular_days *request,
    const struct frame *frame, enum stub stub, struct regular_days_result *result) {
    if (!day_pattern_fits(result->pattern, frame->first))
        return REGULAR_DAYS_OFF_PATTERN;
    bool room = push(result, frame->start);
    if (day_compare(frame->start, frame->first) != 0)
        room = push(result, frame->first);
    struct day day = frame->first;
    while (room && day_compare(day, frame->last) < 0) {
        day = day_pattern_next(result->pattern, day, request->unit, request->length);
        if (day_compare(day, frame->last) < 0)
            room = push(result, day);
    }
    if (!room)
        return REGULAR_DAYS_TOO_MANY;
    if (day_compare(day, frame->last) != 0 && result->count > 1) {
        if (stub == STUB_NONE && !ends_as_it_began(request, frame, result))
            return REGULAR_DAYS_STUB_NOT_ALLOWED;
        enum stub last = stub == STUB_NONE ? STUB_SMART_LAST : stub;
        if (is_joined(last, result->scheduled[result->count - 1], frame->last))
            result->count--;
    }
    if (day_compare(frame->first, frame->last) != 0)
        room = push(result, frame->last);
    if (day_compare(frame->last, frame->end) != 0)
        room = room && push(result, frame->end);
    return room ? REGULAR_DAYS_OK : REGULAR_DAYS_TOO_MANY;
}

static bool in_order(const struct regular_days *request) {
    struct day first =
        day_is_none(request->first_regular) ? request->start : request->first_regular;
    struct day last = day_is_none(request->last_regular) ? request->end : request->last_regular;
    return day_compare(request->start, request->end) < 0 &&
           day_compare(request->start, first) <= 0 && day_compare(first, last) <= 0 &&
           day_compare(last, request->end) <= 0;
}

static enum regular_days_outcome schedule(
    const struct regular_days *request, struct regular_days_result *result) {
    struct frame frame = frame_of(request);
    result->pattern = pattern_of(request, &frame);
    bool told =
        day_compare(frame.start, frame.first) != 0 || day_compare(frame.last, frame.end) != 0;
    bool all_stub =
        day_compare(frame.first, frame.end) == 0 || day_compare(frame.last, frame.start) == 0;
    if (request->length == 0 && told && !all_stub)
        return REGULAR_DAYS_STUB_CONTRADICTED;
    if (request->length == 0 || all_stub)
        return push(result, frame.start) && push(result, frame.end) ? REGULAR_DAYS_OK
                                                                    : REGULAR_DAYS_TOO_MANY;
    enum stub stub;
    enum regular_days_outcome outcome = stub_between(request, &frame, &stub);
    if (outcome != REGULAR_DAYS_OK)
        return outcome;
    return is_first_stub(stub) ? step_back(request, &frame, stub, result)
                               : step_on(request, &frame, stub, result);
}

enum regular_days_outcome regular_days_build(
    const struct regular_days *request, struct regular_days_result *result) {
    result->count = 0;
    if (!in_order(request))
        return REGULAR_DAYS_OUT_OF_ORDER;
    enum regular_days_outcome outcome = schedule(request, result);
    if (outcome != REGULAR_DAYS_OK)
        return outcome;
    int32_t last = result->count - 1;
    for (int32_t i = 1; i < last; i++)
        result->rolled[i] =
            working_day_roll(&request->working, result->scheduled[i], request->roll);
    result->rolled[0] = working_day_roll(&request->working, request->start, request->start_roll);
    result->rolled[last] = working_day_roll(&request->working, request->end, request->roll);
    return REGULAR_DAYS_OK;
}
