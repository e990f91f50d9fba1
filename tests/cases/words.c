/* words.c: reads the lines of cases and lives. Exports what words.h declares. */
#include "words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const component_names[COMPONENT_COUNT] = {"penalty", "fee", "interest", "principal"};
const char *const status_names[CONTRACT_STATUS_COUNT] = {
    "new", "active", "settled", "refunded", "written_off", "sold"};
const char *const instalment_state_names[INSTALMENT_STATE_COUNT] = {
    "upcoming", "due", "overdue", "settled", "refunded"};
const char *const rounding_names[ROUNDING_COUNT] = {
    "half_up", "half_even", "half_down", "up", "down", "ceiling", "floor"};

void words_of(struct words *words, const char *line, int number) {
    words->line = number;
    words->count = 0;
    snprintf(words->text, sizeof words->text, "%s", line);
    words->text[strcspn(words->text, "#\r\n")] = '\0';
    char *rest = NULL;
    for (char *at = strtok_r(words->text, " \t", &rest); at != NULL;
         at = strtok_r(NULL, " \t", &rest)) {
        if (words->count == WORDS_MAX)
            words_fail(words, "too many words");
        words->at[words->count++] = at;
    }
}

_Noreturn void words_fail(const struct words *words, const char *what) {
    fprintf(stderr, "line %d: %s\n", words->line, what);
    exit(2);
}

static const char *word(const struct words *words, int i) {
    if (i >= words->count)
        words_fail(words, "a word is missing");
    return words->at[i];
}

bool word_is(const struct words *words, int i, const char *text) {
    return i < words->count && strcmp(words->at[i], text) == 0;
}

struct money word_money(const struct words *words, int i) {
    struct money amount;
    const char *text = word(words, i);
    if (!money_from_yuan(text, strlen(text), &amount))
        words_fail(words, "not an amount in yuan");
    return amount;
}

struct day word_day(const struct words *words, int i) {
    struct day day;
    const char *text = word(words, i);
    if (!day_from_text(text, strlen(text), &day))
        words_fail(words, "not a day");
    return day;
}

int32_t word_number(const struct words *words, int i) {
    char *end;
    const char *text = word(words, i);
    long number = strtol(text, &end, 10);
    if (*end != '\0' || end == text || number < INT32_MIN || number > INT32_MAX)
        words_fail(words, "not a number");
    return (int32_t)number;
}

struct rate word_rate(const struct words *words, int i) {
    const int places = 7; /* of a percent in parts per billion */
    const char *text = word(words, i);
    int64_t rate = 0;
    int decimals = -1;
    for (; *text != '%'; text++) {
        if (*text == '.' && decimals < 0)
            decimals = 0;
        else if (*text >= '0' && *text <= '9' && decimals < places) {
            rate = rate * 10 + (*text - '0');
            decimals += decimals >= 0;
        } else
            words_fail(words, "not a rate in percent");
    }
    for (int d = decimals < 0 ? 0 : decimals; d < places; d++)
        rate *= 10;
    return (struct rate){rate};
}

void print_rate(FILE *out, struct rate rate) {
    enum { PERCENT = RATE_UNIT / 100 };
    long long decimals = rate.per_billion % PERCENT;
    int places = 7;
    for (; places > 0 && decimals % 10 == 0; places--)
        decimals /= 10;
    fprintf(out, "%lld", (long long)(rate.per_billion / PERCENT));
    if (places > 0)
        fprintf(out, ".%0*lld", places, decimals);
    fputc('%', out);
}

int word_of(const struct words *words, int i, const char *const *names, int count) {
    const char *text = word(words, i);
    for (int n = 0; n < count; n++)
        if (strcmp(text, names[n]) == 0)
            return n;
    words_fail(words, text);
}

enum component word_component(const struct words *words, int i) {
    return (enum component)word_of(words, i, component_names, COMPONENT_COUNT);
}
