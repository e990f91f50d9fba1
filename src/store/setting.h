/*
 * setting.h: values that staff and the day-end change, one a name. Exports: setting_load,
 * setting_save, setting_business_date, setting_save_business_date.
 */
#ifndef FENQI_STORE_SETTING_H
#define FENQI_STORE_SETTING_H

#include "store/store.h"

/* The value in the unit's arena, or NULL in *value when nobody has set it. */
enum status setting_load(struct tx *tx, const char *name, char **value) FENQI_MUST_USE;

/* Sets or replaces a value. */
enum status setting_save(struct tx *tx, const char *name, const char *value) FENQI_MUST_USE;

/* The day that the books are at. NOT_FOUND when it was never set, CORRUPT when it is no day. */
enum status setting_business_date(struct tx *tx, struct day *day) FENQI_MUST_USE;

/* Moves the business date; the caller has seen to it that it moves forward. */
enum status setting_save_business_date(struct tx *tx, struct day day) FENQI_MUST_USE;

#endif
