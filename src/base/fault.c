/* fault.c: status codes and their bounded texts. Exports what fault.h declares. */
#include "base/fault.h"

#include "base/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct status_row {
    const char *name;
    int http;
    int exit_code;
    bool retry;
} status_table[STATUS_COUNT] = {
#include "status_table.inc"
};

enum status fault_set(struct fault *fault, enum status status, const char *format, ...) {
    if (fault == NULL)
        return status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->text, sizeof fault->text, format, arguments);
    va_end(arguments);
    fault->status = status;
    return status;
}

enum status fault_wrap(struct fault *fault, const char *format, ...) {
    if (fault == NULL)
        return STATUS_IO;
    char before[sizeof fault->text];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(before, sizeof before, format, arguments);
    va_end(arguments);
    char whole[2 * sizeof fault->text + 2];
    snprintf(whole, sizeof whole, "%s: %s", before, fault->text);
    memcpy(fault->text, whole, sizeof fault->text - 1);
    fault->text[sizeof fault->text - 1] = '\0';
    return fault->status;
}

static const struct status_row *row_of(enum status status) {
    check((unsigned)status < STATUS_COUNT);
    check(status_table[status].name != NULL);
    return &status_table[status];
}

const char *status_name(enum status status) {
    return row_of(status)->name;
}

bool status_retry(enum status status) {
    return row_of(status)->retry;
}

int status_exit_code(enum status status) {
    return row_of(status)->exit_code;
}

int status_http(enum status status) {
    return row_of(status)->http;
}
