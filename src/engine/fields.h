/*
 * fields.h: terms and events as tables of their fields. Exports: enum field_kind, struct field,
 * struct field_table, terms_fields, event_fields, field_integer(), field_set_integer(),
 * field_takes(), method_name().
 *
 * One description for whatever reads or writes them from outside: the byte encoding, the JSON of
 * `fenqi calc`, text cases, generators. A list field has its own table and a count beside it.
 */
#ifndef FENQI_ENGINE_FIELDS_H
#define FENQI_ENGINE_FIELDS_H

#include "engine/contract.h"

#include <stddef.h>

enum field_kind {
    FIELD_BOOL,
    FIELD_INTEGER,  /* int32_t */
    FIELD_SEQUENCE, /* uint32_t */
    FIELD_MONEY,
    FIELD_RATE,
    FIELD_DAY, /* DAY_NONE: not given, where `optional` */
    FIELD_ENUM,
    FIELD_LIST,  /* count at count_offset, elements of `stride` bytes described by `part` */
    FIELD_GROUP, /* a struct inside, described by `part` */
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
    int64_t least; /* integers, money in fen, rates in parts per billion, list counts */
    int64_t most;
    const char *const *names; /* FIELD_ENUM: of the values 0..most */
    const struct field_table *part;
    size_t count_offset;
    size_t stride;
    bool fixed;    /* FIELD_LIST: always `most` elements, no count */
    bool optional; /* FIELD_DAY */
};

struct field_table {
    int32_t count;
    const struct field *fields;
};

extern const struct field_table terms_fields;
extern const struct field_table event_fields;

/* The value of a scalar field of the struct at `object`, as an integer. */
int64_t field_integer(const struct field *field, const void *object);

/* Sets it; the value must lie within least..most (days: 1900 to 9999 or, if optional, DAY_NONE). */
void field_set_integer(const struct field *field, void *object, int64_t value);

/* "equal_instalment" …, as in the table. */
const char *method_name(enum method method);

/* Whether `value` may be set. */
bool field_takes(const struct field *field, int64_t value);

#endif
