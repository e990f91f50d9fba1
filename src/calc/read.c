/* read.c: reading JSON so that every refusal names its place. Exports what read.h declares. */
#include "calc/read.h"

#include "base/builder.h"
#include "base/check.h"

#include <string.h>

static void add_place(struct builder *builder, const struct place *place) {
    if (place == NULL)
        return;
    add_place(builder, place->outer);
    if (place->name == NULL)
        builder_printf(builder, "[%lld]", (long long)place->index);
    else
        builder_printf(builder, "%s%s", builder->length == 0 ? "" : ".", place->name);
}

const char *place_path(struct reader *reader, const struct place *place) {
    struct builder builder = builder_start(reader->arena, 64);
    add_place(&builder, place);
    return builder_text(&builder);
}

bool refuse(struct reader *reader, const struct place *place, const char *code, const char *zh,
    const char *en) {
    reader->refusal = (struct refusal){place_path(reader, place), code, zh, en};
    return false;
}

bool read_integer(struct reader *reader, const struct place *place, const struct json_value *value,
    int64_t least, int64_t most, int64_t *out) {
    if (value->kind == JSON_INTEGER_VALUE && value->integer >= least && value->integer <= most) {
        *out = value->integer;
        return true;
    }
    bool whole = value->kind == JSON_INTEGER_VALUE;
    return refuse(reader, place, whole ? "out_of_range" : "not_integer",
        arena_printf(reader->arena, "应为 %lld 到 %lld 的整数（不加引号）", (long long)least,
            (long long)most),
        arena_printf(reader->arena, "must be a whole number from %lld to %lld, without quotes",
            (long long)least, (long long)most));
}

static bool refuse_money_range(
    struct reader *reader, const struct place *place, int64_t least, int64_t most) {
    char low[MONEY_TEXT_SIZE];
    char high[MONEY_TEXT_SIZE];
    money_to_yuan((struct money){least}, low);
    money_to_yuan((struct money){most}, high);
    return refuse(reader, place, "out_of_range",
        arena_printf(reader->arena, "金额应在 %s 到 %s 元之间", low, high),
        arena_printf(reader->arena, "the amount must lie from %s to %s yuan", low, high));
}

bool read_money(struct reader *reader, const struct place *place, const struct json_value *value,
    int64_t least, int64_t most, struct money *out) {
    struct money amount;
    if (value->kind != JSON_TEXT_VALUE || !money_from_yuan(value->text, value->count, &amount))
        return refuse(reader, place, "not_money",
            "金额应为加引号的元，最多两位小数，如 \"2399.00\"；不接受 JSON 数字",
            "an amount is a text of yuan with at most two decimals, such as \"2399.00\", and never "
            "a JSON number");
    if (amount.fen < least || amount.fen > most)
        return refuse_money_range(reader, place, least, most);
    *out = amount;
    return true;
}

enum { PERCENT_DECIMALS = 7, PERCENT_DIGITS_MAX = 12 };

/* "7.2%" into parts per billion; false when it is not written so. */
static bool rate_of_text(const char *text, size_t length, int64_t *out) {
    int64_t value = 0;
    int decimals = -1; /* before the point */
    size_t digits = 0;
    if (length < 2 || text[length - 1] != '%')
        return false;
    for (size_t i = 0; i + 1 < length; i++) {
        if (text[i] == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || ++digits > PERCENT_DIGITS_MAX ||
            decimals == PERCENT_DECIMALS)
            return false;
        value = value * 10 + (text[i] - '0');
        decimals += decimals >= 0;
    }
    if (digits == 0 || decimals == 0)
        return false;
    for (int i = decimals < 0 ? 0 : decimals; i < PERCENT_DECIMALS; i++)
        value *= 10;
    *out = value;
    return true;
}

bool read_rate(struct reader *reader, const struct place *place, const struct json_value *value,
    int64_t most, struct rate *out) {
    int64_t rate;
    if (value->kind != JSON_TEXT_VALUE || !rate_of_text(value->text, value->count, &rate))
        return refuse(reader, place, "not_rate",
            "费率应为加引号的百分数，最多七位小数，如 \"7.2%\"；不接受 JSON 数字",
            "a rate is a text in percent with at most seven decimals, such as \"7.2%\", and never "
            "a JSON number");
    if (rate > most)
        return refuse(reader, place, "out_of_range",
            arena_printf(reader->arena, "费率不得超过 %lld%%", (long long)(most / 10000000)),
            arena_printf(
                reader->arena, "the rate must be at most %lld%%", (long long)(most / 10000000)));
    out->per_billion = rate;
    return true;
}

bool read_exact_rate(struct reader *reader, const struct place *place,
    const struct json_value *value, struct real *out) {
    struct real percent;
    bool written = value->kind == JSON_TEXT_VALUE && value->count > 1 &&
                   value->text[value->count - 1] == '%' &&
                   memchr(value->text, 'e', value->count) == NULL &&
                   memchr(value->text, 'E', value->count) == NULL &&
                   real_from_text(value->text, value->count - 1, &percent);
    if (!written)
        return refuse(reader, place, "not_rate",
            "费率应为加引号的百分数，如 \"0.65%\"；不接受 JSON 数字",
            "a rate is a text in percent, such as \"0.65%\", and never a JSON number");
    if (real_compare(real_absolute(percent), real_from_int(100000)) > 0)
        return refuse(reader, place, "out_of_range", "费率应在 -100000% 到 100000% 之间",
            "the rate must lie from -100000% to 100000%");
    *out = real_divide(percent, real_from_int(100));
    return true;
}

bool read_day(struct reader *reader, const struct place *place, const struct json_value *value,
    bool optional, struct day *out) {
    if (optional && value->kind == JSON_NULL_VALUE) {
        *out = DAY_NONE;
        return true;
    }
    if (value->kind == JSON_TEXT_VALUE && day_from_text(value->text, value->count, out))
        return true;
    return refuse(reader, place, "not_day", "日期应写成 \"2026-01-31\" 的样子，且日历上有这一天",
        "a day is written as \"2026-01-31\" and must be one of the calendar");
}

bool read_month(struct reader *reader, const struct place *place, const struct json_value *value,
    struct day *out) {
    char text[] = "0000-00-01";
    if (value->kind == JSON_TEXT_VALUE && value->count == 7) {
        memcpy(text, value->text, 7);
        if (day_from_text(text, sizeof text - 1, out))
            return true;
    }
    return refuse(reader, place, "not_month", "月份应写成 \"2026-01\" 的样子",
        "a month is written as \"2026-01\"");
}

bool read_word(struct reader *reader, const struct place *place, const struct json_value *value,
    const char *const *names, int64_t most, int64_t *out) {
    for (int64_t i = 0; value->kind == JSON_TEXT_VALUE && i <= most; i++)
        if (strcmp(names[i], value->text) == 0) {
            *out = i;
            return true;
        }
    struct builder zh = builder_start(reader->arena, 128);
    struct builder en = builder_start(reader->arena, 128);
    builder_add(&zh, "可取的值：");
    builder_add(&en, "one of: ");
    for (int64_t i = 0; i <= most; i++) {
        builder_printf(&zh, "%s%s", i == 0 ? "" : "、", names[i]);
        builder_printf(&en, "%s%s", i == 0 ? "" : ", ", names[i]);
    }
    return refuse(reader, place, "not_allowed", builder_text(&zh), builder_text(&en));
}

bool read_flag(
    struct reader *reader, const struct place *place, const struct json_value *value, bool *out) {
    if (value->kind != JSON_BOOLEAN_VALUE)
        return refuse(reader, place, "not_flag", "应为 true 或 false（不加引号）",
            "must be true or false, without quotes");
    *out = value->boolean;
    return true;
}

/* ---- objects ---- */

static bool read_kind(struct reader *reader, const struct place *place,
    const struct json_value *value, enum json_kind kind, void *out) {
    if (value->kind == kind) {
        *(const struct json_value **)out = value;
        return true;
    }
    return kind == JSON_ARRAY_VALUE
               ? refuse(reader, place, "not_list", "应为数组 […]", "must be a list […]")
               : refuse(reader, place, "not_object", "应为对象 {…}", "must be an object {…}");
}

static bool read_param(struct reader *reader, const struct place *place, const struct param *param,
    const struct json_value *value) {
    switch (param->kind) {
    case PARAM_INTEGER:
        return read_integer(reader, place, value, param->least, param->most, param->out);
    case PARAM_MONEY:
        return read_money(reader, place, value, param->least, param->most, param->out);
    case PARAM_DAY:
        return read_day(reader, place, value, false, param->out);
    case PARAM_MONTH:
        return read_month(reader, place, value, param->out);
    case PARAM_EXACT_RATE:
        return read_exact_rate(reader, place, value, param->out);
    case PARAM_WORD:
        return read_word(reader, place, value, param->names, param->most, param->out);
    case PARAM_FLAG:
        return read_flag(reader, place, value, param->out);
    case PARAM_LIST:
        return read_kind(reader, place, value, JSON_ARRAY_VALUE, param->out);
    case PARAM_OBJECT:
        return read_kind(reader, place, value, JSON_OBJECT_VALUE, param->out);
    case PARAM_ANY:
        *(const struct json_value **)param->out = value;
        return true;
    }
    check(false);
    return false;
}

static bool refuse_unknown(
    struct reader *reader, const struct place *place, const struct param *params, size_t count) {
    struct builder zh = builder_start(reader->arena, 128);
    struct builder en = builder_start(reader->arena, 128);
    builder_add(&zh, "没有这个字段，此处可有：");
    builder_add(&en, "no such field; there are: ");
    for (size_t i = 0; i < count; i++) {
        builder_printf(&zh, "%s%s", i == 0 ? "" : "、", params[i].name);
        builder_printf(&en, "%s%s", i == 0 ? "" : ", ", params[i].name);
    }
    return refuse(reader, place, "unknown_field", builder_text(&zh), builder_text(&en));
}

bool read_params(struct reader *reader, const struct place *place, const struct json_value *object,
    const struct param *params, size_t count) {
    uint64_t seen = 0;
    check(count <= 64);
    if (object->kind != JSON_OBJECT_VALUE)
        return read_kind(reader, place, object, JSON_OBJECT_VALUE, NULL);
    for (const struct json_value *member = object->first; member != NULL; member = member->next) {
        struct place here = {place, member->name, 0};
        size_t i = 0;
        while (i < count && strcmp(params[i].name, member->name) != 0)
            i++;
        if (i == count)
            return refuse_unknown(reader, &here, params, count);
        seen |= UINT64_C(1) << i;
        if (!read_param(reader, &here, &params[i], member))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct place here = {place, params[i].name, 0};
        if (params[i].required && (seen >> i & 1) == 0)
            return refuse(reader, &here, "missing", "缺少这个字段", "this field is missing");
    }
    return true;
}
