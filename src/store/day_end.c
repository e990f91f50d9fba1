/* day_end.c: progress of the day-end and its ranges. See day_end.h. */
#include "store/day_end.h"

#include "base/builder.h"
#include "base/check.h"
#include "store/statement.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTS = sizeof(struct day_end_counts) / sizeof(int64_t), RANGES_AT_FIRST = 64 };

enum status day_end_save(struct tx *tx, const struct day_end_record *record) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_SAVE);
    statement_bind_day(statement, 1, record->day);
    statement_bind_integer(statement, 2, record->state);
    statement_bind_instant(statement, 3, record->started_at);
    statement_bind_instant(statement, 4, record->finished_at);
    statement_bind_integer(statement, 5, record->contract_count);
    statement_bind_integer(statement, 6, record->collection_count);
    statement_bind_text(statement, 7, record->message);
    statement_bind_text(statement, 8, record->report);
    return statement_run(statement);
}

static void read_record(struct statement *statement, struct day_end_record *record) {
    *record = (struct day_end_record){
        .day = statement_day(statement, 0),
        .state = (enum day_end_state)statement_integer32(statement, 1),
        .started_at = statement_instant(statement, 2),
        .finished_at = statement_instant(statement, 3),
        .contract_count = statement_integer(statement, 4),
        .collection_count = statement_integer(statement, 5),
        .message = statement_text(statement, 6),
        .report = statement_text(statement, 7),
    };
}

enum status day_end_load(struct tx *tx, struct day day, struct day_end_record **record) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_LOAD);
    statement_bind_day(statement, 1, day);
    *record = NULL;
    if (statement_step(statement)) {
        *record = ARENA_NEW(tx_arena(tx), struct day_end_record);
        read_record(statement, *record);
    }
    return statement_end(statement);
}

enum status day_end_is_open(struct tx *tx, struct day day, bool *open) {
    struct day_end_record *record;
    enum status status = day_end_load(tx, day, &record);
    *open = status == STATUS_OK && record && record->state == DAY_END_RUNNING;
    return status;
}

enum status day_end_list(
    struct tx *tx, int32_t limit, struct day_end_record **records, size_t *count) {
    check(limit > 0);
    struct statement *statement = statement_start(tx, QUERY_DAY_END_LIST);
    statement_bind_integer(statement, 1, limit);
    statement_bind_integer(statement, 2, INT32_MAX); /* any day: lets the index give the order */
    *records = ARENA_ARRAY(tx_arena(tx), (size_t)limit, struct day_end_record);
    *count = 0;
    while (statement_step(statement) && *count < (size_t)limit)
        read_record(statement, &(*records)[(*count)++]);
    return statement_end(statement);
}

/* ---- counts: their numbers joined by ',', without the zeros at the end ---- */

_Static_assert(sizeof(struct day_end_counts) == COUNTS * sizeof(int64_t), "numbers only");

void day_end_add(struct day_end_counts *sum, const struct day_end_counts *more) {
    int64_t numbers[COUNTS], added[COUNTS];
    memcpy(numbers, sum, sizeof numbers);
    memcpy(added, more, sizeof added);
    for (size_t i = 0; i < COUNTS; i++)
        numbers[i] += added[i];
    memcpy(sum, numbers, sizeof numbers);
}

static char *counts_write(struct arena *arena, const struct day_end_counts *counts) {
    int64_t numbers[COUNTS];
    memcpy(numbers, counts, sizeof numbers);
    size_t used = COUNTS;
    while (used > 0 && numbers[used - 1] == 0)
        used--;
    struct builder text = builder_start(arena, 256);
    for (size_t i = 0; i < used; i++)
        builder_printf(&text, "%s%" PRId64, i == 0 ? "" : ",", numbers[i]);
    return builder_text(&text);
}

static struct day_end_counts counts_read(const char *text) {
    int64_t numbers[COUNTS] = {0};
    for (size_t i = 0; i < COUNTS && text && *text; i++) {
        char *end = NULL;
        numbers[i] = strtoll(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
    }
    struct day_end_counts counts;
    memcpy(&counts, numbers, sizeof counts);
    return counts;
}

/* ---- ranges ---- */

enum status day_end_range_insert(struct tx *tx, const struct day_end_range *range) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_RANGE_INSERT);
    statement_bind_day(statement, 1, range->day);
    statement_bind_integer(statement, 2, range->step);
    statement_bind_integer(statement, 3, range->number);
    statement_bind_integer(statement, 4, range->first_customer);
    statement_bind_integer(statement, 5, range->end_customer);
    statement_bind_integer(statement, 6, range->planned);
    return statement_run(statement);
}

enum status day_end_range_list(
    struct tx *tx, struct day day, struct day_end_range **ranges, size_t *count) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_RANGE_LIST);
    statement_bind_day(statement, 1, day);
    size_t room = RANGES_AT_FIRST;
    *ranges = ARENA_ARRAY(tx_arena(tx), room, struct day_end_range);
    *count = 0;
    while (statement_step(statement)) {
        if (*count == room) {
            struct day_end_range *more = ARENA_ARRAY(tx_arena(tx), room * 2, struct day_end_range);
            memcpy(more, *ranges, room * sizeof **ranges);
            *ranges = more;
            room *= 2;
        }
        (*ranges)[(*count)++] = (struct day_end_range){
            .day = day,
            .step = statement_integer32(statement, 0),
            .number = statement_integer32(statement, 1),
            .first_customer = statement_integer(statement, 2),
            .end_customer = statement_integer(statement, 3),
            .planned = statement_integer(statement, 4),
            .owner = statement_integer(statement, 5),
            .lease_until = {statement_integer(statement, 6)},
            .done = statement_boolean(statement, 7),
            .started_at = statement_instant(statement, 8),
            .finished_at = statement_instant(statement, 9),
            .counts = counts_read(statement_text(statement, 10)),
            .fault = statement_text(statement, 11),
        };
    }
    return statement_end(statement);
}

enum status day_end_range_save(struct tx *tx, const struct day_end_range *range) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_RANGE_SAVE);
    statement_bind_day(statement, 1, range->day);
    statement_bind_integer(statement, 2, range->step);
    statement_bind_integer(statement, 3, range->number);
    statement_bind_integer(statement, 4, range->planned);
    statement_bind_integer(statement, 5, range->owner);
    statement_bind_integer(statement, 6, range->lease_until.us);
    statement_bind_boolean(statement, 7, range->done);
    statement_bind_instant(statement, 8, range->started_at);
    statement_bind_instant(statement, 9, range->finished_at);
    statement_bind_text(statement, 10, counts_write(tx_arena(tx), &range->counts));
    statement_bind_text(statement, 11, range->fault);
    return statement_run(statement);
}

enum status day_end_range_drop(struct tx *tx, struct day day) {
    struct statement *statement = statement_start(tx, QUERY_DAY_END_RANGE_DROP);
    statement_bind_day(statement, 1, day);
    return statement_run(statement);
}
