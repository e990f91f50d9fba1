/*
 * read.h: reading JSON so that every refusal names its place. Exports: struct place, struct
 * refusal, struct reader, refuse(), read_integer(), read_money(), read_rate(), read_day(),
 * read_word(), read_flag(), struct param, read_params().
 *
 * A place is a chain on the stack and becomes a text ("events[3].amount") only when something is
 * refused. Money and rates come as texts: a JSON number has passed through floating point in too
 * many programs to be trusted with either.
 */
#ifndef FENQI_CALC_READ_H
#define FENQI_CALC_READ_H

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"
#include "base/real.h"
#include "codec/json_read.h"

struct place {
    const struct place *outer; /* NULL: the document */
    const char *name;          /* of a member; NULL: an element */
    int64_t index;             /* of an element, from 0 */
};

/* Why a line is refused. Texts live in the reader's arena or for ever. */
struct refusal {
    const char *path; /* "terms.penalty.daily_rate"; "" the document itself */
    const char *code; /* stable: "unknown_field", "not_money" … */
    const char *zh;
    const char *en;
};

struct reader {
    struct arena *arena;
    struct refusal refusal; /* of the first thing that was refused */
};

/* The place as a text of the reader's arena. */
const char *place_path(struct reader *reader, const struct place *place);

/* Notes the refusal; false, to be returned. */
bool refuse(struct reader *reader, const struct place *place, const char *code, const char *zh,
    const char *en);

bool read_integer(struct reader *reader, const struct place *place, const struct json_value *value,
    int64_t least, int64_t most, int64_t *out);
/* "2399.00": yuan, at most two decimals. */
bool read_money(struct reader *reader, const struct place *place, const struct json_value *value,
    int64_t least, int64_t most, struct money *out);
/* "7.2%": percent, at most seven decimals, so that parts per billion hold it exactly. */
bool read_rate(struct reader *reader, const struct place *place, const struct json_value *value,
    int64_t most, struct rate *out);
/* "2026-01-31"; null is DAY_NONE where `optional`. */
bool read_day(struct reader *reader, const struct place *place, const struct json_value *value,
    bool optional, struct day *out);
/* "2026-01": its first day. */
bool read_month(struct reader *reader, const struct place *place, const struct json_value *value,
    struct day *out);
/* "12.5%" or "-0.75%" with as many digits as base/real.h takes, as a fraction of 1. */
bool read_exact_rate(struct reader *reader, const struct place *place,
    const struct json_value *value, struct real *out);
/* One of names[0..most]; the refusal lists them. */
bool read_word(struct reader *reader, const struct place *place, const struct json_value *value,
    const char *const *names, int64_t most, int64_t *out);
bool read_flag(
    struct reader *reader, const struct place *place, const struct json_value *value, bool *out);

enum param_kind {
    PARAM_INTEGER, /* int64_t */
    PARAM_MONEY,
    PARAM_DAY,
    PARAM_MONTH,
    PARAM_EXACT_RATE, /* struct real */
    PARAM_WORD,       /* int64_t */
    PARAM_FLAG,
    PARAM_LIST,   /* const struct json_value *, an array */
    PARAM_OBJECT, /* const struct json_value *, an object */
    PARAM_ANY,    /* const struct json_value * */
};

/* A member of an object; what is absent leaves *out alone. */
struct param {
    const char *name;
    enum param_kind kind;
    void *out;
    bool required;
    int64_t least; /* integers; money in fen */
    int64_t most;  /* words: of `names` */
    const char *const *names;
};

/* Reads an object that has these members and no others. */
bool read_params(struct reader *reader, const struct place *place, const struct json_value *object,
    const struct param *params, size_t count);

#endif
