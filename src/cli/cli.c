/* cli.c: see cli.h. */
#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_usage(const char *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "fenqi %s: ", command);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return CLI_USAGE;
}

int cli_fault(const char *command, const struct fault *fault) {
    fprintf(stderr, "fenqi %s: %s\n", command, fault->text);
    return status_exit_code(fault->status);
}

static bool read_integer(const char *text, int64_t low, int64_t high, int64_t *out) {
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    bool whole = text[0] != '\0' && strspn(text, " \t+") == 0 && *end == '\0' && errno == 0;
    if (!whole || value < low || value > high)
        return false;
    *out = value;
    return true;
}

/* Takes a value, given as the option or in the environment; false with the reason said. */
static bool take(
    const char *command, const struct cli_option *option, const char *from, const char *value) {
    switch (option->kind) {
    case CLI_TEXT:
        if (value[0] == '\0') {
            cli_usage(command, "%s needs a value", from);
            return false;
        }
        *(const char **)option->out = value;
        return true;
    case CLI_INTEGER:
        if (!read_integer(value, option->low, option->high, option->out)) {
            cli_usage(command, "%s must be a whole number from %lld to %lld, not \"%s\"", from,
                (long long)option->low, (long long)option->high, value);
            return false;
        }
        return true;
    case CLI_DAY:
        if (!day_from_text(value, strlen(value), option->out)) {
            cli_usage(command, "%s must be a day as YYYY-MM-DD, not \"%s\"", from, value);
            return false;
        }
        return true;
    case CLI_FLAG:
        *(bool *)option->out = strcmp(value, "0") != 0;
        return true;
    }
    return false;
}

static const struct cli_option *find(
    const struct cli_option *options, size_t count, const char *word, size_t length) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(options[i].name) == length && memcmp(options[i].name, word, length) == 0)
            return &options[i];
    }
    return NULL;
}

static bool take_environment(const char *command, const struct cli_option *options, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const char *name = options[i].environment;
        const char *value = name == NULL ? NULL : getenv(name);
        if (value != NULL && value[0] != '\0' && !take(command, &options[i], name, value))
            return false;
    }
    return true;
}

bool cli_parse(const char *command, const struct cli_option *options, size_t count, int argc,
    char **argv, const char **rest, size_t most, size_t *rest_count) {
    size_t found = 0;
    if (!take_environment(command, options, count))
        return false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (strncmp(word, "--", 2) != 0) {
            if (found == most) {
                cli_usage(command, "unexpected \"%s\"", word);
                return false;
            }
            rest[found++] = word;
            continue;
        }
        size_t length = strcspn(word, "=");
        const struct cli_option *option = find(options, count, word, length);
        if (option == NULL) {
            cli_usage(command, "unknown option %.*s", (int)length, word);
            return false;
        }
        const char *value = word[length] == '=' ? word + length + 1 : NULL;
        if (value == NULL && option->kind == CLI_FLAG)
            value = "1";
        if (value == NULL && i + 1 < argc)
            value = argv[++i];
        if (value == NULL) {
            cli_usage(command, "%s needs a value", option->name);
            return false;
        }
        if (!take(command, option, option->name, value))
            return false;
    }
    if (rest_count != NULL)
        *rest_count = found;
    return true;
}
