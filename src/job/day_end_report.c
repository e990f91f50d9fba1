/*
 * day_end_report.c: what a day came to. Exports day_close() of day_end_internal.h.
 *
 * The report stands as JSON in the day's record: spec/openapi.yaml, DayEndReport.
 */
#include "base/builder.h"
#include "base/json_write.h"
#include "job/day_end_internal.h"
#include "store/payment.h"

#include <inttypes.h>

struct close_context {
    struct day_run *run;
    struct day_closing *closing;
    int64_t waiting;                     /* debits on their way, of this day and before */
    struct automatic_payments automatic; /* of this day */
};

/* What is said of a day. */
struct account {
    const struct close_context *close;
    const struct day_end_range *ranges;
    size_t count;
    struct day_end_counts sum;
};

static void write_sum(struct json *json, const char *name, int64_t count, int64_t fen) {
    json_open(json, name, '{');
    json_integer(json, "count", count);
    json_money(json, "amount_fen", money_fen(fen));
    json_close(json);
}

static void write_crossings(struct json *json, const struct day_end_counts *sum) {
    json_open(json, "crossed", '[');
    for (int from = 0; from < BUCKET_COUNT; from++) {
        for (int to = 0; to < BUCKET_COUNT; to++) {
            if (sum->crossed[from][to] == 0)
                continue;
            json_open(json, NULL, '{');
            json_string(json, "from", bucket_name((enum bucket)from));
            json_string(json, "to", bucket_name((enum bucket)to));
            json_integer(json, "count", sum->crossed[from][to]);
            json_close(json);
        }
    }
    json_close(json);
}

/* From the first range's beginning to the last one's end, over all processes. */
static int64_t step_ms(const struct day_end_range *ranges, size_t count, size_t step) {
    int64_t from = INT64_MAX, to = 0;
    for (size_t i = 0; i < count; i++) {
        if (ranges[i].step != (int32_t)step)
            continue;
        from = ranges[i].started_at.us < from ? ranges[i].started_at.us : from;
        to = ranges[i].finished_at.us > to ? ranges[i].finished_at.us : to;
    }
    return to > from ? (to - from) / 1000 : 0;
}

static void write_steps(struct json *json, const struct day_end_range *ranges, size_t count) {
    json_open(json, "steps", '[');
    for (size_t step = 0; step < day_end_step_count(); step++) {
        json_open(json, NULL, '{');
        json_string(json, "name", day_end_step_name(step));
        json_integer(json, "took_ms", step_ms(ranges, count, step));
        json_close(json);
    }
    json_close(json);
}

static void write_automatic(struct json *json, const struct automatic_payments *automatic) {
    write_sum(json, "paid_from_credit", automatic->credit, automatic->credit_fen);
    write_sum(json, "debits_collected", automatic->collected, automatic->collected_fen);
    write_sum(json, "debits_failed", automatic->failed, automatic->failed_fen);
    write_sum(json, "debits_waiting", automatic->waiting, automatic->waiting_fen);
}

static const char *write_report(struct arena *arena, const struct account *of) {
    const struct day_end_counts *sum = &of->sum;
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    write_sum(&json, "due", sum->due, sum->due_fen);
    write_automatic(&json, &of->close->automatic);
    json_integer(&json, "notices", sum->notices);
    json_integer(&json, "orders_expired", sum->orders_expired);
    json_integer(&json, "failed", sum->failed);
    json_integer(&json, "interrupted", sum->interrupted);
    write_crossings(&json, sum);
    write_steps(&json, of->ranges, of->count);
    json_close(&json);
    return json_text(&json);
}

static void add_sum(struct builder *text, const char *name, int64_t count, int64_t fen) {
    char yuan[MONEY_TEXT_SIZE];
    builder_printf(text, "  %-13s %10" PRId64 "   %s yuan\n", name, count,
        money_to_yuan(money_fen(fen), yuan));
}

static void add_sums(struct builder *text, const struct account *of) {
    const struct automatic_payments *automatic = &of->close->automatic;
    add_sum(text, "due", of->sum.due, of->sum.due_fen);
    add_sum(text, "from balance", automatic->credit, automatic->credit_fen);
    add_sum(text, "collected", automatic->collected, automatic->collected_fen);
    add_sum(text, "debits failed", automatic->failed, automatic->failed_fen);
    add_sum(text, "on their way", automatic->waiting, automatic->waiting_fen);
}

/* For the terminal. */
static const char *write_summary(struct arena *arena, const struct account *of) {
    const struct day_end_counts *sum = &of->sum;
    struct builder text = builder_start(arena, 1024);
    builder_printf(&text, "  %-13s %10" PRId64 "   %" PRId64 " failed, %" PRId64 " notices\n",
        "contracts", sum->contracts, sum->failed, sum->notices);
    add_sums(&text, of);
    for (int from = 0; from < BUCKET_COUNT; from++)
        for (int to = 0; to < BUCKET_COUNT; to++)
            if (sum->crossed[from][to] > 0)
                builder_printf(&text, "  %-3s to %-6s %10" PRId64 "\n",
                    bucket_name((enum bucket)from), bucket_name((enum bucket)to),
                    sum->crossed[from][to]);
    for (size_t step = 0; step < day_end_step_count(); step++) {
        int64_t ms = step_ms(of->ranges, of->count, step);
        builder_printf(&text, "%s%s %" PRId64 ".%" PRId64 " s",
            step == 0 ? "  took          " : ", ", day_end_step_name(step), ms / 1000,
            ms % 1000 / 100);
    }
    builder_add(&text, "\n");
    return builder_text(&text);
}

static const char *message_of(
    struct arena *arena, const struct account *of, const struct day_closing *closing) {
    if (of->sum.failed > 0)
        return arena_printf(arena, "%lld contracts failed, the first: %s",
            (long long)of->sum.failed, closing->fault ? closing->fault : "unknown");
    return of->close->waiting > 0 ? arena_printf(arena, "%lld debits are still on their way",
                                        (long long)of->close->waiting)
                                  : NULL;
}

/* Adds what this run did to the day's record. */
static enum status save_record(
    struct tx *tx, const struct account *of, const struct day_closing *closing) {
    struct day_end_record *record;
    struct day day = of->close->run->day;
    enum status status = day_end_load(tx, day, &record);
    if (status != STATUS_OK || !record)
        return status;
    record->state = DAY_END_DONE;
    record->finished_at = tx_now(tx);
    record->contract_count += of->sum.contracts;
    record->collection_count += of->sum.debits;
    record->message = message_of(tx_arena(tx), of, closing);
    /* A day that is run again reports what was done then, unless there was nothing. */
    if (!record->report || of->sum.contracts > 0 || of->sum.failed > 0)
        record->report = closing->report;
    status = day_end_save(tx, record);
    return status == STATUS_OK ? day_end_range_drop(tx, day) : status;
}

static enum status close_unit(struct tx *tx, void *context) {
    const struct close_context *close = context;
    struct day_closing *closing = close->closing;
    struct day_end_range *ranges;
    struct account account = {.close = close};
    *closing = (struct day_closing){0};
    enum status status = day_end_range_list(tx, close->run->day, &ranges, &account.count);
    if (status != STATUS_OK || account.count == 0)
        return status; /* another process has closed it */
    account.ranges = ranges;
    for (size_t i = 0; i < account.count; i++) {
        if (!ranges[i].done)
            return fault_set(tx_fault(tx), STATUS_CONFLICT, "the day was opened again");
        day_end_add(&account.sum, &ranges[i].counts);
        if (ranges[i].fault && !closing->fault)
            closing->fault = ranges[i].fault;
    }
    closing->failed = account.sum.failed;
    closing->contracts = account.sum.contracts;
    closing->debits = account.sum.debits;
    closing->waiting = close->waiting;
    closing->report = write_report(tx_arena(tx), &account);
    closing->summary = write_summary(tx_arena(tx), &account);
    return save_record(tx, &account, closing);
}

static enum status look_unit(struct tx *tx, void *context) {
    struct close_context *close = context;
    enum status status = payment_count_live_autopay(tx, close->run->day, &close->waiting);
    return status == STATUS_OK ? payment_automatic_of_day(tx, close->run->day, &close->automatic)
                               : status;
}

enum status day_close(
    struct day_run *run, struct arena *arena, struct day_closing *closing, struct fault *fault) {
    struct close_context close = {.run = run, .closing = closing};
    struct store *store = run->options->store;
    /* Read before the unit that writes, which nobody shall wait for. */
    enum status status = store_read(store, NULL, look_unit, &close, fault);
    return status == STATUS_OK ? store_run(store, STORE_NO_KEY, arena, close_unit, &close, fault)
                               : status;
}
