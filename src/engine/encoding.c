/*
 * encoding.c: compact byte strings. Exports what encoding.h declares.
 *
 * Each type has one function that visits its fields in order, for both directions, so that what is
 * written and what is read cannot drift apart. Only used instalments are written.
 */
#include "engine/encoding.h"

#include "base/check.h"
#include "engine/fields.h"

#include <string.h>

enum { FORMAT_VERSION = 2, KIND_TERMS = 'T', KIND_EVENT = 'E', KIND_STATE = 'S' };
enum { GROUP_BITS = 7, GROUP_MASK = 127, GROUPS_MAX = 10 };

/* A walk over fields, writing or reading. Once `ok` is false nothing more happens. */
struct walk {
    bool writing;
    bool ok;
    uint8_t *out;
    const uint8_t *in;
    size_t room; /* of out, or length of in */
    size_t at;
};

static void put_byte(struct walk *walk, uint8_t byte) {
    if (walk->at >= walk->room) {
        walk->ok = false;
        return;
    }
    walk->out[walk->at++] = byte;
}

static uint8_t take_byte(struct walk *walk) {
    if (walk->at >= walk->room) {
        walk->ok = false;
        return 0;
    }
    return walk->in[walk->at++];
}

static void put_integer(struct walk *walk, int64_t value) {
    uint64_t rest = ((uint64_t)value << 1) ^ (uint64_t)(value < 0 ? -1 : 0);
    while (walk->ok && rest > GROUP_MASK) {
        put_byte(walk, (uint8_t)(rest | (GROUP_MASK + 1)));
        rest >>= GROUP_BITS;
    }
    if (walk->ok)
        put_byte(walk, (uint8_t)rest);
}

/* Refuses a second way to write the same number: a last group of 0, or bits beyond the 64th. */
static int64_t take_integer(struct walk *walk) {
    uint64_t value = 0;
    for (int group = 0;; group++) { /* the last group ends it, as does the end of the input */
        uint8_t byte = take_byte(walk);
        uint64_t bits = byte & GROUP_MASK;
        if (group == GROUPS_MAX - 1 && byte > 1)
            break;
        value |= bits << (GROUP_BITS * group);
        if (byte <= GROUP_MASK) {
            if (byte == 0 && group > 0)
                break;
            return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
        }
    }
    walk->ok = false;
    return 0;
}

static void visit_integer(struct walk *walk, int64_t *value, int64_t least, int64_t most) {
    if (!walk->ok)
        return;
    if (walk->writing) {
        check(*value >= least && *value <= most);
        put_integer(walk, *value);
        return;
    }
    int64_t taken = take_integer(walk);
    if (taken < least || taken > most)
        walk->ok = false;
    else
        *value = taken;
}

/* Where a field is narrower than 64 bits the value goes through here; returns what to store. */
static int64_t visited(struct walk *walk, int64_t value, int64_t least, int64_t most) {
    visit_integer(walk, &value, least, most);
    return walk->ok ? value : least;
}

static void visit_int(struct walk *walk, int32_t *value, int32_t least, int32_t most) {
    *value = (int32_t)visited(walk, *value, least, most);
}

static void visit_bool(struct walk *walk, bool *value) {
    /* read only when it is written out: room that nobody has filled may hold no bool at all */
    *value = visited(walk, walk->writing && *value ? 1 : 0, 0, 1) != 0;
}

static void visit_day(struct walk *walk, struct day *day) {
    visit_int(walk, &day->number, INT32_MIN, INT32_MAX);
}

static void visit_money(struct walk *walk, struct money *amount) {
    visit_integer(walk, &amount->fen, -MONEY_MAX_FEN, MONEY_MAX_FEN);
}

static void visit_rate(struct walk *walk, struct rate *rate) {
    visit_integer(walk, &rate->per_billion, -MONEY_MAX_FEN, MONEY_MAX_FEN);
}

static void visit_sequence(struct walk *walk, uint32_t *value) {
    *value = (uint32_t)visited(walk, *value, 0, UINT32_MAX);
}

/* A non-negative 128-bit sum as two integers. */
static void visit_wide(struct walk *walk, int128 *value) {
    const int low_bits = 62;
    int64_t high = (int64_t)(*value >> low_bits);
    int64_t low = (int64_t)(*value & (((int128)1 << low_bits) - 1));
    visit_integer(walk, &high, 0, INT64_MAX);
    visit_integer(walk, &low, 0, (INT64_C(1) << low_bits) - 1);
    *value = ((int128)high << low_bits) | low;
}

/* Enums are visited through this so that every one is bounded by its own count. */
#define VISIT_ENUM(walk, field, type, count)                                                       \
    ((field) = (enum type)visited((walk), (int64_t)(field), 0, (count)-1))

static void visit_header(struct walk *walk, int32_t kind) {
    int32_t version = FORMAT_VERSION;
    int32_t what = kind;
    visit_int(walk, &version, FORMAT_VERSION, FORMAT_VERSION);
    visit_int(walk, &what, kind, kind);
}

static void visit_fields(struct walk *walk, const struct field_table *table, void *object);

static void visit_list(struct walk *walk, const struct field *field, void *object) {
    int32_t *count = (int32_t *)(void *)((char *)object + field->count_offset);
    int32_t elements = (int32_t)field->most;
    if (!field->fixed) {
        visit_int(walk, count, 0, (int32_t)field->most);
        elements = *count;
    }
    for (int32_t i = 0; i < elements && walk->ok; i++)
        visit_fields(walk, field->part, (char *)object + field->offset + (size_t)i * field->stride);
}

static void visit_fields(struct walk *walk, const struct field_table *table, void *object) {
    for (int32_t i = 0; i < table->count && walk->ok; i++) {
        const struct field *field = &table->fields[i];
        if (field->kind == FIELD_LIST) {
            visit_list(walk, field, object);
        } else if (field->kind == FIELD_GROUP) {
            visit_fields(walk, field->part, (char *)object + field->offset);
        } else {
            int64_t value = walk->writing ? field_integer(field, object) : 0;
            visit_integer(walk, &value, INT64_MIN, INT64_MAX);
            if (walk->ok && !field_takes(field, value)) {
                check(!walk->writing);
                walk->ok = false;
            }
            if (walk->ok && !walk->writing)
                field_set_integer(field, object, value);
        }
    }
}

static void visit_terms(struct walk *walk, struct terms *terms) {
    visit_header(walk, KIND_TERMS);
    visit_fields(walk, &terms_fields, terms);
}

static void visit_event(struct walk *walk, struct contract_event *event) {
    visit_header(walk, KIND_EVENT);
    visit_fields(walk, &event_fields, event);
}

static void visit_instalment(struct walk *walk, struct instalment *instalment) {
    VISIT_ENUM(walk, instalment->kind, instalment_kind, INSTALMENT_KIND_COUNT);
    visit_bool(walk, &instalment->by_days);
    visit_day(walk, &instalment->period_start);
    visit_day(walk, &instalment->scheduled_day);
    visit_day(walk, &instalment->due_day);
    visit_day(walk, &instalment->settled_day);
    VISIT_ENUM(walk, instalment->state, instalment_state, INSTALMENT_STATE_COUNT);
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        visit_money(walk, &instalment->charged[c]);
        visit_money(walk, &instalment->paid[c]);
        visit_money(walk, &instalment->waived[c]);
        visit_money(walk, &instalment->charged_back[c]);
    }
    visit_money(walk, &instalment->level);
    visit_money(walk, &instalment->moved_interest);
    visit_money(walk, &instalment->late_fee);
    visit_money(walk, &instalment->added_penalty);
    visit_money(walk, &instalment->added_fee);
    visit_money(walk, &instalment->extension_fee);
    visit_money(walk, &instalment->subsidy);
    visit_integer(walk, &instalment->penalty_base_days, 0, INT64_MAX);
    visit_day(walk, &instalment->penalty_mark_day);
    visit_integer(walk, &instalment->penalty_mark_base_days, 0, INT64_MAX);
    visit_integer(walk, &instalment->compound_base_days, 0, INT64_MAX);
    visit_wide(walk, &instalment->overdue_allowance);
    visit_wide(walk, &instalment->interest_time);
}

static void visit_state(struct walk *walk, struct contract_state *state) {
    visit_header(walk, KIND_STATE);
    VISIT_ENUM(walk, state->status, contract_status, CONTRACT_STATUS_COUNT);
    visit_day(walk, &state->day);
    visit_sequence(walk, &state->last_sequence);
    visit_day(walk, &state->closed_day);
    visit_day(walk, &state->charged_off_day);
    visit_day(walk, &state->accelerated_day);
    visit_int(walk, &state->instalment_count, 0, INSTALMENTS_MAX);
    visit_int(walk, &state->extension_count, 0, INT32_MAX);
    visit_int(walk, &state->days_overdue, 0, INT32_MAX);
    visit_rate(walk, &state->all_in_cap);
    visit_money(walk, &state->drawn);
    for (int s = 0; s < SOURCE_COUNT; s++)
        visit_money(walk, &state->received[s]);
    visit_money(walk, &state->overpaid);
    visit_money(walk, &state->refund_to_customer);
    visit_money(walk, &state->rebated);
    visit_money(walk, &state->refunded_by_shop);
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        visit_money(walk, &state->given_up[c]);
        visit_money(walk, &state->recovered[c]);
    }
    visit_money(walk, &state->sale_price);
    visit_wide(walk, &state->principal_allowance);
    visit_day(walk, &state->interest_mark_day);
    visit_money(walk, &state->interest_balance);
    visit_int(walk, &state->rate_count, 0, RATES_MAX);
    for (int32_t i = 0; i < state->rate_count && walk->ok; i++) {
        visit_day(walk, &state->rates[i].from_day);
        visit_rate(walk, &state->rates[i].annual_rate);
    }
    for (int32_t i = 0; i < state->instalment_count && walk->ok; i++)
        visit_instalment(walk, &state->instalments[i]);
}

static struct walk writing(uint8_t *out, size_t room) {
    return (struct walk){.writing = true, .ok = true, .out = out, .room = room};
}

static struct walk reading(const uint8_t *bytes, size_t length) {
    return (struct walk){.ok = true, .in = bytes, .room = length};
}

static bool read_whole(const struct walk *walk) {
    return walk->ok && walk->at == walk->room;
}

size_t terms_encode(const struct terms *terms, uint8_t *out, size_t room) {
    struct terms copy = *terms;
    struct walk walk = writing(out, room);
    visit_terms(&walk, &copy);
    return walk.ok ? walk.at : 0;
}

size_t contract_event_encode(const struct contract_event *event, uint8_t *out, size_t room) {
    struct contract_event copy = *event;
    struct walk walk = writing(out, room);
    visit_event(&walk, &copy);
    return walk.ok ? walk.at : 0;
}

size_t contract_state_encode(const struct contract_state *state, uint8_t *out, size_t room) {
    struct contract_state copy;
    contract_copy(&copy, state);
    struct walk walk = writing(out, room);
    visit_state(&walk, &copy);
    return walk.ok ? walk.at : 0;
}

bool terms_decode(const uint8_t *bytes, size_t length, struct terms *out) {
    struct walk walk = reading(bytes, length);
    memset(out, 0, sizeof *out);
    visit_terms(&walk, out);
    return read_whole(&walk);
}

bool contract_event_decode(const uint8_t *bytes, size_t length, struct contract_event *out) {
    struct walk walk = reading(bytes, length);
    memset(out, 0, sizeof *out);
    visit_event(&walk, out);
    return read_whole(&walk);
}

bool contract_state_decode(const uint8_t *bytes, size_t length, struct contract_state *out) {
    struct walk walk = reading(bytes, length);
    contract_new(out);
    visit_state(&walk, out);
    return read_whole(&walk);
}
