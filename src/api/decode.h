/*
 * decode.h: JSON bodies into commands. Exports: struct decoder, call_body() and decode_…().
 *
 *     struct decoder body;
 *     if (!call_body(call, &body))
 *         return;
 *     command->phone = decode_text(&body, "phone", 1, 20);
 *     command->amount = decode_money(&body, "amount_fen", 1, MONEY_MAX_FEN);
 *     command->kind = decode_choice(&body, "kind", kinds);
 *     if (!decode_end(&body))
 *         return;
 *
 * The first thing wrong is answered at once with a problem that names the field by its path
 * ("goods[0].amount_fen"): field_missing, field_type, field_invalid; decode_end() refuses members
 * that nobody asked for (field_unknown). After a failure the functions return harmless values, so
 * only decode_end() needs to be looked at.
 */
#ifndef FENQI_API_DECODE_H
#define FENQI_API_DECODE_H

#include "api/api.h"
#include "codec/json_read.h"

enum { DECODE_MEMBERS_MAX = 64 };

struct decoder {
    struct call *call;
    const struct json_value *object;
    const char *path;   /* "" at the top, else "goods[0]" */
    struct decoder *up; /* the decoder of the object around this one */
    bool failed;        /* a problem has been given */
    uint64_t known;     /* members asked for, by position */
    size_t item;        /* next index of an array being walked */
    const struct json_value *next_item;
};

/*
 * Reads the request's body as one JSON object. False, and the problem given (malformed_json,
 * media_type_unsupported, field_duplicate, field_type), when it is not one.
 */
bool call_body(struct call *call, struct decoder *out);

/* Every member was asked for and right. False: the problem has been given, return. */
bool decode_end(struct decoder *decoder);

/* Whether a member is there and not null. */
bool decode_has(struct decoder *decoder, const char *name);

/* A text of `least` to `most` bytes without control characters but line feed and tab. */
const char *decode_text(struct decoder *decoder, const char *name, size_t least, size_t most);
/* As decode_text(); NULL when absent or null. */
const char *decode_text_or_null(
    struct decoder *decoder, const char *name, size_t least, size_t most);
int64_t decode_integer(struct decoder *decoder, const char *name, int64_t low, int64_t high);
int64_t decode_integer_or(
    struct decoder *decoder, const char *name, int64_t low, int64_t high, int64_t otherwise);
/* A whole number of fen between `low` and `high`. */
struct money decode_money(struct decoder *decoder, const char *name, int64_t low, int64_t high);
bool decode_boolean(struct decoder *decoder, const char *name);
bool decode_boolean_or(struct decoder *decoder, const char *name, bool otherwise);
/* "YYYY-MM-DD". */
struct day decode_day(struct decoder *decoder, const char *name);
struct day decode_day_or_none(struct decoder *decoder, const char *name);
/* The index in the NULL-ended list of names. */
int decode_choice(struct decoder *decoder, const char *name, const char *const *choices);
/* A public number of `kind`; one that is not well-formed gives field_invalid. */
struct public_number;
bool decode_number(struct decoder *decoder, const char *name, int kind, struct public_number *out);

/* An object inside; end it with decode_end() too. */
struct decoder decode_object(struct decoder *decoder, const char *name);

/*
 * An array of `least` to `most` items: returns how many. Then decode_next_…() gives the items in
 * order. size_t count = decode_array(&body, "goods", 1, 50, &goods); for (size_t i = 0; i < count;
 * i++) { struct decoder item = decode_next_object(&goods);
 *         ... decode_end(&item);
 *     }
 */
size_t decode_array(
    struct decoder *decoder, const char *name, size_t least, size_t most, struct decoder *items);
struct decoder decode_next_object(struct decoder *items);
const char *decode_next_text(struct decoder *items, size_t least, size_t most);

/* Gives `code` for a member that is well-formed and yet wrong; the path is worked out. */
void decode_problem(struct decoder *decoder, const char *name, enum problem_code code);

#endif
