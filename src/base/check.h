/*
 * check.h: the always-on assertion. Exports: check(), check_failed().
 *
 * A failed check is a bug of ours, never bad input and never a broken environment. It says where
 * and ends the process; the supervisor starts it again and nothing acknowledged is lost, because
 * every acknowledged thing is already durable.
 */
#ifndef FENQI_BASE_CHECK_H
#define FENQI_BASE_CHECK_H

/* Writes "check failed: EXPR at FILE:LINE in FUNCTION" to standard error and aborts. */
_Noreturn void check_failed(
    const char *expression, const char *file, int line, const char *function);

/* Ends the process when `condition` is false. Stays on in production builds. */
#define check(condition)                                                                           \
    ((condition) ? (void)0 : check_failed(#condition, __FILE__, __LINE__, __func__))

#endif
