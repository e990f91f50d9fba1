/* cmocka_include.h: cmocka with the headers that it wants before it. Exports cmocka's macros. */
#ifndef FENQI_TESTS_CMOCKA_INCLUDE_H
#define FENQI_TESTS_CMOCKA_INCLUDE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* The order matters: cmocka.h uses the types above without including them. */
#include <cmocka.h>

#endif
