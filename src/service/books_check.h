/*
 * books_check.h: what the checks of books and of payments share. Exports: struct check, differ().
 */
#ifndef FENQI_SERVICE_BOOKS_CHECK_H
#define FENQI_SERVICE_BOOKS_CHECK_H

#include "service/verify_books.h"

/* A check under way. */
struct check {
    struct tx *tx;
    books_difference tell;
    void *context;
    struct books_report *report;
};

/* Counts a difference and tells it; the text is cut after 239 bytes. */
void differ(const struct check *check, const char *format, ...) FENQI_PRINTF(2, 3);

#endif
