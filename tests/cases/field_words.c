/* field_words.c: words over the tables of fields. Exports what field_words.h declares. */
#include "field_words.h"

#include "base/check.h"

#include <string.h>

void read_field_word(const struct field *field, void *object, const struct words *words, int i) {
    int64_t value = 0;
    switch (field->kind) {
    case FIELD_MONEY:
        value = word_money(words, i).fen;
        break;
    case FIELD_RATE:
        value = word_rate(words, i).per_billion;
        break;
    case FIELD_DAY:
        value = word_day(words, i).number;
        break;
    case FIELD_ENUM:
        value = word_of(words, i, field->names, (int)field->most + 1);
        break;
    case FIELD_BOOL:
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
        value = word_number(words, i);
        break;
    case FIELD_LIST:
    case FIELD_GROUP:
        words_fail(words, "not one value");
    }
    if (!field_takes(field, value))
        words_fail(words, "out of range");
    field_set_integer(field, object, value);
}

void print_field_word(FILE *out, const struct field *field, const void *object) {
    char text[MONEY_TEXT_SIZE]; /* a day is shorter */
    int64_t value = field_integer(field, object);
    switch (field->kind) {
    case FIELD_MONEY:
        fputs(money_to_yuan(money_fen(value), text), out);
        return;
    case FIELD_RATE:
        print_rate(out, (struct rate){value});
        return;
    case FIELD_DAY:
        fputs(day_to_text((struct day){(int32_t)value}, text), out);
        return;
    case FIELD_ENUM:
        fputs(field->names[value], out);
        return;
    case FIELD_BOOL:
    case FIELD_INTEGER:
    case FIELD_SEQUENCE:
        fprintf(out, "%lld", (long long)value);
        return;
    case FIELD_LIST:
    case FIELD_GROUP:
        check(!"one value");
    }
}

/* One element of a list is told by one word; the list's own name is that word but for "step". */
static const char *element_word(const struct field *list) {
    static const char *const words[][2] = {
        {"steps", "step"}, {"rate_steps", "rate_step"}, {"charges", "charge"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(list->name, words[i][0]) == 0)
            return words[i][1];
    return list->name;
}

/* Elements are of scalars but in `overrides`, which is read and written by itself. */
static bool has_plain_elements(const struct field *list) {
    return strcmp(list->name, "overrides") != 0;
}

static int read_list(const struct field *list, void *object, const struct words *words, int i) {
    int32_t *count = (int32_t *)(void *)((char *)object + list->count_offset);
    int64_t first = list->fixed ? 0 : *count;
    int64_t last = list->fixed ? list->most : first + 1;
    if (last > list->most)
        words_fail(words, "too many of them");
    for (int64_t e = first; e < last; e++) {
        char *element = (char *)object + list->offset + (size_t)e * list->stride;
        for (int32_t f = 0; f < list->part->count; f++)
            read_field_word(&list->part->fields[f], element, words, i++);
    }
    if (!list->fixed)
        *count = (int32_t)last;
    return i;
}

/* "SOURCE VERTICAL ADVANCE" and three times "CLASS COMPONENT COMPONENT COMPONENT COMPONENT". */
static int read_override(struct terms *terms, const struct words *words, int i) {
    if (terms->override_count == ALLOCATION_OVERRIDES_MAX)
        words_fail(words, "too many of them");
    struct allocation_override *override = &terms->overrides[terms->override_count++];
    const struct field *list = NULL;
    for (int32_t f = 0; f < terms_fields.count; f++)
        if (strcmp(terms_fields.fields[f].name, "overrides") == 0)
            list = &terms_fields.fields[f];
    check(list != NULL);
    const struct field_table *order = list->part->fields[1].part;
    const struct field_table *step = order->fields[0].part;
    read_field_word(&list->part->fields[0], override, words, i++);
    read_field_word(&order->fields[1], &override->order, words, i++);
    read_field_word(&order->fields[2], &override->order, words, i++);
    for (int s = 0; s < ALLOCATION_STEPS; s++) {
        int class_at = i + s / COMPONENT_COUNT * (COMPONENT_COUNT + 1);
        read_field_word(&step->fields[0], &override->order.steps[s], words, class_at);
        read_field_word(
            &step->fields[1], &override->order.steps[s], words, class_at + 1 + s % COMPONENT_COUNT);
    }
    return i + DUE_CLASS_COUNT * (COMPONENT_COUNT + 1);
}

/* "penalty.late_fee_rate": a field of a group. Lists inside a group have their own words. */
static int read_group(const struct field *group, void *object, const struct words *words, int i) {
    size_t length = strlen(group->name);
    if (strncmp(words->at[i], group->name, length) != 0 || words->at[i][length] != '.')
        return 0;
    for (int32_t f = 0; f < group->part->count; f++) {
        const struct field *field = &group->part->fields[f];
        if (field->kind != FIELD_LIST && strcmp(words->at[i] + length + 1, field->name) == 0) {
            read_field_word(field, (char *)object + group->offset, words, i + 1);
            return i + 2;
        }
    }
    return 0;
}

int set_any_term(struct terms *terms, const struct words *words, int i) {
    if (word_is(words, i, "override"))
        return read_override(terms, words, i + 1);
    for (int32_t f = 0; f < terms_fields.count; f++) {
        const struct field *field = &terms_fields.fields[f];
        if (field->kind == FIELD_GROUP) {
            int next = read_group(field, terms, words, i);
            if (next != 0)
                return next;
        } else if (field->kind == FIELD_LIST) {
            if (has_plain_elements(field) && word_is(words, i, element_word(field)))
                return read_list(field, terms, words, i + 1);
        } else if (word_is(words, i, field->name)) {
            read_field_word(field, terms, words, i + 1);
            return i + 2;
        }
    }
    return 0;
}

static void print_elements(FILE *out, const struct field *list, const void *object) {
    int32_t count = (int32_t)list->most;
    if (!list->fixed)
        memcpy(&count, (const char *)object + list->count_offset, sizeof count);
    for (int32_t e = 0; e < count; e++) {
        const char *element = (const char *)object + list->offset + (size_t)e * list->stride;
        if (e == 0 || !list->fixed)
            fprintf(out, " %s", element_word(list));
        for (int32_t f = 0; f < list->part->count; f++) {
            fputc(' ', out);
            print_field_word(out, &list->part->fields[f], element);
        }
    }
}

static void print_overrides(FILE *out, const struct field *list, const struct terms *terms) {
    const struct field_table *order = list->part->fields[1].part;
    const struct field_table *step = order->fields[0].part;
    for (int32_t e = 0; e < terms->override_count; e++) {
        const struct allocation_override *override = &terms->overrides[e];
        fputs(" override ", out);
        print_field_word(out, &list->part->fields[0], override);
        for (int f = 1; f <= 2; f++) {
            fputc(' ', out);
            print_field_word(out, &order->fields[f], &override->order);
        }
        for (int s = 0; s < ALLOCATION_STEPS; s++)
            for (int part = s % COMPONENT_COUNT == 0 ? 0 : 1; part <= 1; part++) {
                fputc(' ', out);
                print_field_word(out, &step->fields[part], &override->order.steps[s]);
            }
    }
}

static void print_group(FILE *out, const struct field *group, const struct terms *terms,
    const struct terms *usual, bool (*is_told)(size_t offset)) {
    for (int32_t f = 0; f < group->part->count; f++) {
        const struct field *field = &group->part->fields[f];
        const void *object = (const char *)terms + group->offset;
        const void *usually = (const char *)usual + group->offset;
        if (field->kind == FIELD_LIST || is_told(group->offset + field->offset) ||
            field_integer(field, object) == field_integer(field, usually))
            continue;
        fprintf(out, " %s.%s ", group->name, field->name);
        print_field_word(out, field, object);
    }
}

void print_other_terms(FILE *out, const struct terms *terms, bool (*is_told)(size_t offset)) {
    const struct terms usual = terms_defaults();
    for (int32_t f = 0; f < terms_fields.count; f++) {
        const struct field *field = &terms_fields.fields[f];
        if (field->kind == FIELD_GROUP) {
            print_group(out, field, terms, &usual, is_told);
        } else if (field->kind == FIELD_LIST) {
            if (!has_plain_elements(field))
                print_overrides(out, field, terms);
            else if (!field->fixed || memcmp((const char *)terms + field->offset,
                                          (const char *)&usual + field->offset,
                                          field->stride * (size_t)field->most) != 0)
                print_elements(out, field, terms);
        } else if (!is_told(field->offset) &&
                   field_integer(field, terms) != field_integer(field, &usual)) {
            fprintf(out, " %s ", field->name);
            print_field_word(out, field, terms);
        }
    }
}
