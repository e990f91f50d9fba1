/* books_check.c: how a difference is told. Exports what books_check.h declares. */
#include "service/books_check.h"

#include <stdarg.h>
#include <stdio.h>

void differ(const struct check *check, const char *format, ...) {
    char text[240];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    check->report->differences++;
    check->tell(check->context, text);
}
