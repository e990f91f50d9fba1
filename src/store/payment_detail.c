/* payment_detail.c: what a payment's row holds as JSON. See payment_detail.h. */
#include "store/payment_detail.h"

#include "base/builder.h"
#include "base/check.h"

#include <string.h>

/* ---- out ---- */

/* Which part is the contract's, 1-based. */
static int part_of(const struct payment *payment, int64_t contract_id) {
    for (size_t i = 0; i < payment->part_count; i++)
        if (payment->parts[i].contract_id == contract_id)
            return (int)i + 1;
    check(false);
    return 0;
}

static void write_allocation(
    struct builder *out, const struct payment *payment, const struct payment_allocation *line) {
    builder_printf(out, "[%d,%d,%d,%lld,%lld,%lld,%lld,%lld]", part_of(payment, line->contract_id),
        (int)line->instalment, (int)line->due_day.number, (long long)line->principal.fen,
        (long long)line->interest.fen, (long long)line->fee.fen, (long long)line->penalty.fen,
        (long long)line->left_after.fen);
}

const char *payment_detail_write(struct arena *arena, const struct payment *payment) {
    struct builder out = builder_start(arena, 256);
    builder_add(&out, "{\"parts\":[");
    for (size_t i = 0; i < payment->part_count; i++) {
        const struct payment_part *part = &payment->parts[i];
        builder_printf(&out,
            "%s{\"" PAYMENT_DETAIL_CONTRACT "\":%lld,\"" PAYMENT_DETAIL_ORDER
            "\":%lld,\"fen\":%lld,\"target\":%d,\"event\":%d}",
            i > 0 ? "," : "", (long long)part->contract_id, (long long)part->order_id,
            (long long)part->amount.fen, (int)part->target, (int)part->event_sequence);
    }
    builder_add(&out, "],\"paid\":[");
    for (size_t i = 0; i < payment->allocation_count; i++) {
        builder_add(&out, i > 0 ? "," : "");
        write_allocation(&out, payment, &payment->allocations[i]);
    }
    builder_add(&out, "],\"steps\":[");
    for (size_t i = 0; i < payment->step_count; i++) {
        const struct payment_step *step = &payment->steps[i];
        builder_printf(&out, "%s[%lld,%d,\"%s\"]", i > 0 ? "," : "",
            (long long)(step->at.us - payment->created_at.us), (int)step->state, step->code);
    }
    builder_add(&out, "]}");
    return builder_text(&out);
}

/* ---- in ---- */

/* Where reading stands; after the first thing that is not as written, `failed` and nothing more. */
struct reader {
    const char *at;
    bool failed;
};

static bool comes(struct reader *reader, const char *token) {
    size_t length = strlen(token);
    if (reader->failed || strncmp(reader->at, token, length) != 0)
        return false;
    reader->at += length;
    return true;
}

static void skip(struct reader *reader, const char *token) {
    if (!comes(reader, token))
        reader->failed = true;
}

/* A number as printf writes it, within [least, most]; 0 after a failure. */
static int64_t take_integer(struct reader *reader, int64_t least, int64_t most) {
    bool negative = comes(reader, "-");
    const char *digits = reader->at;
    int64_t value = 0;
    while (!reader->failed && *reader->at >= '0' && *reader->at <= '9') {
        int digit = *reader->at++ - '0';
        if (value > (INT64_MAX - digit) / 10)
            reader->failed = true;
        else
            value = value * 10 + digit;
    }
    size_t length = (size_t)(reader->at - digits);
    if (length == 0 || (digits[0] == '0' && (length > 1 || negative)))
        reader->failed = true;
    value = negative ? -value : value;
    if (value < least || value > most)
        reader->failed = true;
    return reader->failed ? 0 : value;
}

static int32_t take_integer32(struct reader *reader, int32_t least, int32_t most) {
    return (int32_t)take_integer(reader, least, most);
}

static struct money take_money(struct reader *reader) {
    return (struct money){take_integer(reader, -MONEY_MAX_FEN, MONEY_MAX_FEN)};
}

static const char *take_word(struct reader *reader, struct arena *arena) {
    skip(reader, "\"");
    size_t length = reader->failed ? 0 : strspn(reader->at, "abcdefghijklmnopqrstuvwxyz_");
    const char *word = arena_text_n(arena, reader->at, length);
    reader->at += length;
    skip(reader, "\"");
    return word;
}

/* Before each item of a list, of which `count` were read: whether there is one. */
static bool next_item(struct reader *reader, size_t count) {
    if (comes(reader, "]"))
        return false;
    if (count > 0)
        skip(reader, ",");
    return !reader->failed;
}

static void read_parts(struct reader *reader, struct payment *payment) {
    while (next_item(reader, payment->part_count)) {
        struct payment_part *part = &payment->parts[payment->part_count++];
        skip(reader, "{\"" PAYMENT_DETAIL_CONTRACT "\":");
        part->contract_id = take_integer(reader, 1, INT64_MAX);
        skip(reader, ",\"" PAYMENT_DETAIL_ORDER "\":");
        part->order_id = take_integer(reader, 1, INT64_MAX);
        skip(reader, ",\"fen\":");
        part->amount = take_money(reader);
        skip(reader, ",\"target\":");
        part->target = take_integer32(reader, 0, INT32_MAX);
        skip(reader, ",\"event\":");
        part->event_sequence = take_integer32(reader, 0, INT32_MAX);
        skip(reader, "}");
    }
}

static void read_allocations(struct reader *reader, struct payment *payment) {
    while (next_item(reader, payment->allocation_count)) {
        struct payment_allocation *line = &payment->allocations[payment->allocation_count++];
        skip(reader, "[");
        int32_t number = take_integer32(reader, 1, (int32_t)payment->part_count);
        if (reader->failed)
            return;
        line->contract_id = payment->parts[number - 1].contract_id;
        line->order_id = payment->parts[number - 1].order_id;
        skip(reader, ",");
        line->instalment = take_integer32(reader, 1, INT32_MAX);
        skip(reader, ",");
        line->due_day.number = take_integer32(reader, INT32_MIN, INT32_MAX);
        struct money *const amounts[] = {
            &line->principal, &line->interest, &line->fee, &line->penalty, &line->left_after};
        for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
            skip(reader, ",");
            *amounts[i] = take_money(reader);
        }
        skip(reader, "]");
    }
}

static void read_steps(struct reader *reader, struct arena *arena, struct payment *payment) {
    while (next_item(reader, payment->step_count)) {
        struct payment_step *step = &payment->steps[payment->step_count++];
        skip(reader, "[");
        int64_t after_us = take_integer(reader, -MONEY_MAX_FEN, MONEY_MAX_FEN);
        /* as unsigned: a damaged created_at must not overflow */
        step->at.us = (int64_t)((uint64_t)payment->created_at.us + (uint64_t)after_us);
        skip(reader, ",");
        step->state =
            (enum payment_state)take_integer32(reader, PAYMENT_CREATED, PAYMENT_CANCELLED);
        skip(reader, ",");
        step->code = take_word(reader, arena);
        skip(reader, "]");
    }
}

/* How many items of lists or objects a text can hold at most: each has its own bracket. */
static size_t count_of(const char *text, char bracket) {
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == bracket;
    return count;
}

bool payment_detail_read(struct arena *arena, const char *text, struct payment *payment) {
    size_t objects = count_of(text, '{'), lists = count_of(text, '[');
    payment->parts = ARENA_ARRAY(arena, objects + 1, struct payment_part);
    payment->allocations = ARENA_ARRAY(arena, lists + 1, struct payment_allocation);
    payment->steps = ARENA_ARRAY(arena, lists + 1, struct payment_step);
    payment->part_count = payment->allocation_count = payment->step_count = 0;
    struct reader reader = {.at = text};
    skip(&reader, "{\"parts\":[");
    read_parts(&reader, payment);
    skip(&reader, ",\"paid\":[");
    read_allocations(&reader, payment);
    skip(&reader, ",\"steps\":[");
    read_steps(&reader, arena, payment);
    skip(&reader, "}");
    return !reader.failed && *reader.at == '\0';
}
