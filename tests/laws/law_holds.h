/* law_holds.h: for the files of laws. Exports: LAW_HOLDS(). */
#ifndef FENQI_TESTS_LAWS_LAW_HOLDS_H
#define FENQI_TESTS_LAWS_LAW_HOLDS_H

#include "laws.h"

/* Tells that law `which` holds or not, here. */
#define LAW_HOLDS(which, condition) law_told(LAW_##which, (condition), __LINE__)

#endif
