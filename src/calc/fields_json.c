/* fields_json.c: terms and events in JSON. Exports what fields_json.h declares. */
#include "calc/fields_json.h"

#include "base/builder.h"
#include "base/check.h"
#include "calc/write.h"

#include <string.h>

/* ---- reading ---- */

static bool read_struct(struct reader *reader, const struct place *place,
    const struct json_value *value, const struct field_table *table, uint64_t allowed,
    uint64_t required, void *object);

static uint64_t all_fields(const struct field_table *table) {
    check(table->count < 64);
    return (UINT64_C(1) << table->count) - 1;
}

/* In a list nothing stands for a choice or a day that is left out; numbers left out are zero. */
static uint64_t element_requires(const struct field_table *table) {
    uint64_t required = 0;
    for (int32_t i = 0; i < table->count; i++) {
        const struct field *field = &table->fields[i];
        if (field->kind == FIELD_ENUM || field->kind == FIELD_GROUP || field->fixed ||
            (field->kind == FIELD_DAY && !field->optional))
            required |= UINT64_C(1) << i;
    }
    return required;
}

static bool is_plain(const struct field_table *table) {
    return table->count == 1 && table->fields[0].kind == FIELD_ENUM;
}

bool is_by_component(const struct field *list) {
    return list->kind == FIELD_LIST && list->fixed && list->most == COMPONENT_COUNT &&
           list->part->count == 1 && list->part->fields[0].kind == FIELD_MONEY;
}

static bool read_scalar(struct reader *reader, const struct place *place,
    const struct json_value *value, const struct field *field, void *object) {
    int64_t number = 0;
    bool flag = false;
    struct money money;
    struct rate rate;
    struct day day;
    switch (field->kind) {
    case FIELD_BOOL:
        if (!read_flag(reader, place, value, &flag))
            return false;
        number = flag;
        break;
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
        if (!read_integer(reader, place, value, field->least, field->most, &number))
            return false;
        break;
    case FIELD_MONEY:
        if (!read_money(reader, place, value, field->least, field->most, &money))
            return false;
        number = money.fen;
        break;
    case FIELD_RATE:
        if (!read_rate(reader, place, value, field->most, &rate))
            return false;
        number = rate.per_billion;
        break;
    case FIELD_DAY:
        if (!read_day(reader, place, value, field->optional, &day))
            return false;
        number = day.number;
        break;
    case FIELD_ENUM:
        if (!read_word(reader, place, value, field->names, field->most, &number))
            return false;
        break;
    case FIELD_LIST:
    case FIELD_GROUP:
        check(false);
    }
    field_set_integer(field, object, number);
    return true;
}

static bool refuse_length(
    struct reader *reader, const struct place *place, const struct field *field) {
    return refuse(reader, place, "wrong_length",
        arena_printf(
            reader->arena, "%s %lld 项", field->fixed ? "应恰有" : "最多", (long long)field->most),
        arena_printf(reader->arena, "must have %s %lld elements",
            field->fixed ? "exactly" : "at most", (long long)field->most));
}

/* Components that are not named are 0. */
static bool read_by_component(struct reader *reader, const struct place *place,
    const struct json_value *value, const struct field *field, void *object) {
    struct money amounts[COMPONENT_COUNT] = {{0}};
    struct param params[COMPONENT_COUNT];
    for (int c = 0; c < COMPONENT_COUNT; c++)
        params[c] = (struct param){component_words[c], PARAM_MONEY, &amounts[c], false,
            field->part->fields[0].least, field->part->fields[0].most, NULL};
    if (!read_params(reader, place, value, params, COMPONENT_COUNT))
        return false;
    char *at = (char *)object + field->offset;
    for (int c = 0; c < COMPONENT_COUNT; c++)
        field_set_integer(&field->part->fields[0], at + (size_t)c * field->stride, amounts[c].fen);
    return true;
}

static bool read_list(struct reader *reader, const struct place *place,
    const struct json_value *value, const struct field *field, void *object) {
    if (value->kind != JSON_ARRAY_VALUE)
        return refuse(reader, place, "not_list", "应为数组 […]", "must be a list […]");
    if (value->count > (size_t)field->most || (field->fixed && value->count != (size_t)field->most))
        return refuse_length(reader, place, field);
    char *at = (char *)object + field->offset;
    memset(at, 0, (size_t)field->most * field->stride);
    struct place here = {place, NULL, 0};
    for (const struct json_value *item = value->first; item != NULL; item = item->next) {
        bool read = is_plain(field->part)
                        ? read_scalar(reader, &here, item, &field->part->fields[0], at)
                        : read_struct(reader, &here, item, field->part, all_fields(field->part),
                              element_requires(field->part), at);
        if (!read)
            return false;
        at += field->stride;
        here.index++;
    }
    if (!field->fixed) {
        int32_t count = (int32_t)value->count;
        memcpy((char *)object + field->count_offset, &count, sizeof count);
    }
    return true;
}

static bool read_field(struct reader *reader, const struct place *place,
    const struct json_value *value, const struct field *field, bool required, void *object) {
    switch (field->kind) {
    case FIELD_LIST:
        return is_by_component(field) ? read_by_component(reader, place, value, field, object)
                                      : read_list(reader, place, value, field, object);
    case FIELD_GROUP:
        return read_struct(reader, place, value, field->part, all_fields(field->part),
            required ? element_requires(field->part) : 0, (char *)object + field->offset);
    case FIELD_BOOL:
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
    case FIELD_MONEY:
    case FIELD_RATE:
    case FIELD_DAY:
    case FIELD_ENUM:
        break;
    }
    return read_scalar(reader, place, value, field, object);
}

static bool refuse_unknown(struct reader *reader, const struct place *place,
    const struct field_table *table, uint64_t allowed) {
    struct builder zh = builder_start(reader->arena, 256);
    struct builder en = builder_start(reader->arena, 256);
    builder_add(&zh, "没有这个字段，此处可有：");
    builder_add(&en, "no such field here; there are: ");
    bool first = true;
    for (int32_t i = 0; i < table->count; i++) {
        if ((allowed >> i & 1) == 0)
            continue;
        builder_printf(&zh, "%s%s", first ? "" : "、", table->fields[i].name);
        builder_printf(&en, "%s%s", first ? "" : ", ", table->fields[i].name);
        first = false;
    }
    return refuse(reader, place, "unknown_field", builder_text(&zh), builder_text(&en));
}

/* The index of a field; members mostly come in the table's order, so the search begins there. */
static int32_t find_field(const struct field_table *table, const char *name, int32_t from) {
    for (int32_t i = 0; i < table->count; i++) {
        int32_t at = from + i < table->count ? from + i : from + i - table->count;
        if (strcmp(table->fields[at].name, name) == 0)
            return at;
    }
    return -1;
}

static bool read_struct(struct reader *reader, const struct place *place,
    const struct json_value *value, const struct field_table *table, uint64_t allowed,
    uint64_t required, void *object) {
    if (value->kind != JSON_OBJECT_VALUE)
        return refuse(reader, place, "not_object", "应为对象 {…}", "must be an object {…}");
    uint64_t seen = 0;
    int32_t at = -1;
    for (const struct json_value *member = value->first; member != NULL; member = member->next) {
        struct place here = {place, member->name, 0};
        at = find_field(table, member->name, at + 1);
        if (at < 0 || (allowed >> at & 1) == 0)
            return refuse_unknown(reader, &here, table, allowed);
        seen |= UINT64_C(1) << at;
        if (!read_field(
                reader, &here, member, &table->fields[at], (required >> at & 1) != 0, object))
            return false;
    }
    uint64_t missing = required & ~seen;
    for (int32_t i = 0; missing != 0 && i < table->count; i++) {
        struct place here = {place, table->fields[i].name, 0};
        if ((missing >> i & 1) != 0)
            return refuse(reader, &here, "missing", "缺少这个字段", "this field is missing");
    }
    return true;
}

static uint64_t field_bit(const struct field_table *table, const char *name) {
    int32_t at = find_field(table, name, 0);
    check(at >= 0);
    return UINT64_C(1) << at;
}

bool read_terms(struct reader *reader, const struct place *place, const struct json_value *value,
    bool whole, struct terms *terms) {
    uint64_t required = 0;
    if (whole) {
        required = field_bit(&terms_fields, "method") | field_bit(&terms_fields, "principal") |
                   field_bit(&terms_fields, "start_day");
        const struct json_value *custom = json_member(value, "custom");
        if (custom != NULL && custom->kind == JSON_ARRAY_VALUE && custom->count <= CUSTOM_ROWS_MAX)
            terms->instalment_count = (int32_t)custom->count;
        else
            required |= field_bit(&terms_fields, "instalment_count");
    }
    return read_struct(
        reader, place, value, &terms_fields, all_fields(&terms_fields), required, terms);
}

/* ---- events ---- */

const struct event_form *event_form(enum contract_event_kind kind) {
    static const struct event_form forms[EVENT_KIND_COUNT] = {
        [EVENT_ACTIVATED] = {{NULL}, {NULL}},
        [EVENT_PAYMENT_SETTLED] = {{"amount", "target"}, {"source", "effect", "instalment"}},
        [EVENT_REVERSED] = {{"reversed_sequence"}, {NULL}},
        [EVENT_WAIVED] = {{"amount", "component"}, {"instalment"}},
        [EVENT_EXTENSION_GRANTED] = {{"instalment", "days"}, {NULL}},
        [EVENT_MERCHANT_REFUNDED] = {{"amount"}, {NULL}},
        [EVENT_DAY_REACHED] = {{NULL}, {NULL}},
        [EVENT_DRAWN_DOWN] = {{"amount"}, {NULL}},
        [EVENT_CHARGE_ADDED] = {{"amount", "component", "other_day"}, {NULL}},
        [EVENT_CHARGED_BACK] = {{"amount"}, {"parts"}},
        [EVENT_RATE_CHANGED] = {{"rate"}, {"effect"}},
        [EVENT_INTEREST_PAUSED] = {{"days", "other_day"}, {NULL}},
        [EVENT_DUE_DAY_CHANGED] = {{"instalment", "other_day"}, {NULL}},
        [EVENT_PAUSED] = {{"instalment", "days"}, {NULL}},
        [EVENT_RE_AGED] = {{"other_day", "count"}, {NULL}},
        [EVENT_RE_AMORTISED] = {{NULL}, {NULL}},
        [EVENT_ACCELERATED] = {{NULL}, {NULL}},
        [EVENT_CHARGED_OFF] = {{NULL}, {NULL}},
        [EVENT_WRITTEN_OFF] = {{NULL}, {NULL}},
        [EVENT_SOLD] = {{"amount"}, {NULL}},
        [EVENT_CAP_CHANGED] = {{"rate"}, {NULL}},
    };
    check((unsigned)kind < EVENT_KIND_COUNT);
    return &forms[kind];
}

static uint64_t named_fields(const char *const names[4]) {
    uint64_t bits = 0;
    for (int i = 0; i < 4 && names[i] != NULL; i++)
        bits |= field_bit(&event_fields, names[i]);
    return bits;
}

bool read_event(struct reader *reader, const struct place *place, const struct json_value *value,
    struct contract_event *event) {
    struct place here = {place, "kind", 0};
    memset(event, 0, sizeof *event);
    if (value->kind != JSON_OBJECT_VALUE)
        return refuse(reader, place, "not_object", "应为对象 {…}", "must be an object {…}");
    const struct json_value *kind = json_member(value, "kind");
    if (kind == NULL)
        return refuse(reader, &here, "missing", "缺少这个字段", "this field is missing");
    const struct field *field = &event_fields.fields[find_field(&event_fields, "kind", 0)];
    if (!read_scalar(reader, &here, kind, field, event))
        return false;
    const struct event_form *form = event_form(event->kind);
    uint64_t always = field_bit(&event_fields, "kind") | field_bit(&event_fields, "day");
    uint64_t required = always | named_fields(form->required);
    uint64_t allowed =
        required | field_bit(&event_fields, "sequence") | named_fields(form->optional);
    return read_struct(reader, place, value, &event_fields, allowed, required, event);
}

/* ---- writing ---- */

char *rate_to_percent(struct rate rate, char text[RATE_TEXT_SIZE]) {
    const int64_t unit = 10000000; /* parts per billion in one percent */
    int64_t whole = rate.per_billion < 0 ? -rate.per_billion : rate.per_billion;
    int64_t part = whole % unit;
    char *end = text + RATE_TEXT_SIZE - 1;
    char *at = end;
    *at = '\0';
    *--at = '%';
    bool written = false;
    for (int i = 0; i < 7; i++, part /= 10) {
        written = written || part % 10 != 0;
        if (written)
            *--at = (char)('0' + part % 10);
    }
    if (written)
        *--at = '.';
    whole /= unit;
    do {
        *--at = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);
    if (rate.per_billion < 0)
        *--at = '-';
    return memmove(text, at, (size_t)(end - at) + 1);
}

static void write_struct(struct json *json, const struct field_table *table, const void *object);

static void write_list(struct json *json, const struct field *field, const void *object) {
    int32_t count = (int32_t)field->most;
    if (!field->fixed)
        memcpy(&count, (const char *)object + field->count_offset, sizeof count);
    const char *at = (const char *)object + field->offset;
    json_open(json, field->name, '[');
    for (int32_t i = 0; i < count; i++, at += field->stride) {
        const struct field *only = &field->part->fields[0];
        if (is_plain(field->part)) {
            json_string(json, NULL, only->names[field_integer(only, at)]);
        } else {
            json_open(json, NULL, '{');
            write_struct(json, field->part, at);
            json_close(json);
        }
    }
    json_close(json);
}

static void write_field(struct json *json, const struct field *field, const void *object) {
    _Static_assert((int)MONEY_TEXT_SIZE <= (int)RATE_TEXT_SIZE, "one room for both");
    char text[RATE_TEXT_SIZE];
    switch (field->kind) {
    case FIELD_BOOL:
        json_boolean(json, field->name, field_integer(field, object) != 0);
        return;
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
        json_integer(json, field->name, field_integer(field, object));
        return;
    case FIELD_MONEY:
        money_to_yuan((struct money){field_integer(field, object)}, text);
        json_string(json, field->name, text);
        return;
    case FIELD_RATE:
        rate_to_percent((struct rate){field_integer(field, object)}, text);
        json_string(json, field->name, text);
        return;
    case FIELD_DAY:
        json_day(json, field->name, (struct day){(int32_t)field_integer(field, object)});
        return;
    case FIELD_ENUM:
        json_string(json, field->name, field->names[field_integer(field, object)]);
        return;
    case FIELD_LIST:
        write_list(json, field, object);
        return;
    case FIELD_GROUP:
        json_open(json, field->name, '{');
        write_struct(json, field->part, (const char *)object + field->offset);
        json_close(json);
        return;
    }
    check(false);
}

static void write_struct(struct json *json, const struct field_table *table, const void *object) {
    for (int32_t i = 0; i < table->count; i++)
        write_field(json, &table->fields[i], object);
}

void write_terms(struct json *json, const char *name, const struct terms *terms) {
    json_open(json, name, '{');
    write_struct(json, &terms_fields, terms);
    json_close(json);
}
