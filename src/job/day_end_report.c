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

static const char *write_report(struct arena *arena, const struct day_end_counts *sum,
    int64_t waiting, const struct day_end_range *ranges, size_t count) {
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    write_sum(&json, "due", sum->due, sum->due_fen);
    write_sum(&json, "paid_from_credit", sum->credit, sum->credit_fen);
    write_sum(&json, "debits", sum->debits, sum->debit_fen);
    json_integer(&json, "debits_waiting", waiting);
    json_integer(&json, "notices", sum->notices);
    json_integer(&json, "orders_expired", sum->orders_expired);
    json_integer(&json, "failed", sum->failed);
    json_integer(&json, "interrupted", sum->interrupted);
    write_crossings(&json, sum);
    write_steps(&json, ranges, count);
    json_close(&json);
    return json_text(&json);
}

static void add_sum(struct builder *text, const char *name, int64_t count, int64_t fen) {
    char yuan[MONEY_TEXT_SIZE];
    builder_printf(text, "  %-13s %10" PRId64 "   %s yuan\n", name, count,
        money_to_yuan(money_fen(fen), yuan));
}

/* For the terminal. */
static const char *write_summary(struct arena *arena, const struct day_end_counts *sum,
    int64_t waiting, const struct day_end_range *ranges, size_t count) {
    struct builder text = builder_start(arena, 1024);
    builder_printf(&text, "  %-13s %10" PRId64 "   %" PRId64 " failed, %" PRId64 " notices\n",
        "contracts", sum->contracts, sum->failed, sum->notices);
    add_sum(&text, "due", sum->due, sum->due_fen);
    add_sum(&text, "from balance", sum->credit, sum->credit_fen);
    add_sum(&text, "debits begun", sum->debits, sum->debit_fen);
    if (waiting > 0)
        builder_printf(&text, "  %-13s %10" PRId64 "\n", "on their way", waiting);
    for (int from = 0; from < BUCKET_COUNT; from++)
        for (int to = 0; to < BUCKET_COUNT; to++)
            if (sum->crossed[from][to] > 0)
                builder_printf(&text, "  %-3s to %-6s %10" PRId64 "\n",
                    bucket_name((enum bucket)from), bucket_name((enum bucket)to),
                    sum->crossed[from][to]);
    for (size_t step = 0; step < day_end_step_count(); step++) {
        int64_t ms = step_ms(ranges, count, step);
        builder_printf(&text, "%s%s %" PRId64 ".%" PRId64 " s",
            step == 0 ? "  took          " : ", ", day_end_step_name(step), ms / 1000,
            ms % 1000 / 100);
    }
    builder_add(&text, "\n");
    return builder_text(&text);
}

static const char *message_of(struct arena *arena, const struct day_end_counts *sum,
    const struct day_closing *closing, int64_t waiting) {
    if (sum->failed > 0)
        return arena_printf(arena, "%lld contracts failed, the first: %s", (long long)sum->failed,
            closing->fault ? closing->fault : "unknown");
    return waiting > 0
               ? arena_printf(arena, "%lld debits are still on their way", (long long)waiting)
               : NULL;
}

/* Adds what this run did to the day's record. */
static enum status save_record(struct tx *tx, const struct day_run *run,
    const struct day_end_counts *sum, const struct day_closing *closing, int64_t waiting) {
    struct day_end_record *record;
    enum status status = day_end_load(tx, run->day, &record);
    if (status != STATUS_OK || !record)
        return status;
    record->state = DAY_END_DONE;
    record->finished_at = tx_now(tx);
    record->contract_count += sum->contracts;
    record->collection_count += sum->debits;
    record->message = message_of(tx_arena(tx), sum, closing, waiting);
    /* A day that is run again reports what was done then, unless there was nothing. */
    if (!record->report || sum->contracts > 0 || sum->failed > 0)
        record->report = closing->report;
    status = day_end_save(tx, record);
    return status == STATUS_OK ? day_end_range_drop(tx, run->day) : status;
}

static enum status close_unit(struct tx *tx, void *context) {
    const struct close_context *close = context;
    struct day_closing *closing = close->closing;
    struct day_end_range *ranges;
    struct day_end_counts sum = {0};
    size_t count;
    int64_t waiting = 0;
    *closing = (struct day_closing){0};
    enum status status = day_end_range_list(tx, close->run->day, &ranges, &count);
    if (status == STATUS_OK)
        status = payment_count_live_autopay(tx, close->run->day, &waiting);
    if (status != STATUS_OK || count == 0)
        return status; /* another process has closed it */
    for (size_t i = 0; i < count; i++) {
        if (!ranges[i].done)
            return fault_set(tx_fault(tx), STATUS_CONFLICT, "the day was opened again");
        day_end_add(&sum, &ranges[i].counts);
        if (ranges[i].fault && !closing->fault)
            closing->fault = ranges[i].fault;
    }
    closing->failed = sum.failed;
    closing->contracts = sum.contracts;
    closing->debits = sum.debits;
    closing->report = write_report(tx_arena(tx), &sum, waiting, ranges, count);
    closing->summary = write_summary(tx_arena(tx), &sum, waiting, ranges, count);
    return save_record(tx, close->run, &sum, closing, waiting);
}

enum status day_close(
    struct day_run *run, struct arena *arena, struct day_closing *closing, struct fault *fault) {
    struct close_context close = {run, closing};
    return store_run(run->options->store, STORE_NO_KEY, arena, close_unit, &close, fault);
}
