/*
 * one_time_code.h: the latest one-time code of a phone number for a purpose. Exports: struct
 * one_time_code, one_time_code_load(), one_time_code_save().
 *
 * Only a keyed hash of the code is stored (JR/T 0171-2020, class C3).
 */
#ifndef FENQI_STORE_ONE_TIME_CODE_H
#define FENQI_STORE_ONE_TIME_CODE_H

#include "store/store.h"

struct one_time_code {
    struct bytes phone_hash;
    const char *purpose; /* "login", "register", "set_password" */
    struct bytes code_hash;
    struct instant sent_at;
    struct instant expires_at;
    int32_t attempts; /* wrong guesses at this code; used up counts as too many */
    struct day sent_day;
    int32_t sent_count; /* codes sent on sent_day */
};

/* *found is false when none was ever sent. phone_hash and purpose are the caller's. */
enum status one_time_code_load(struct tx *tx, struct bytes phone_hash, const char *purpose,
    struct one_time_code *code, bool *found) FENQI_MUST_USE;
enum status one_time_code_save(struct tx *tx, const struct one_time_code *code) FENQI_MUST_USE;

#endif
