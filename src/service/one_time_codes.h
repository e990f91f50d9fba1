/*
 * one_time_codes.h: codes sent to a phone. Exports: send_code(), check_code() and their outcomes.
 *
 * A code has six digits, lives five minutes, bears five wrong guesses and works once. A phone gets
 * one a minute and ten a day for a purpose. The code itself is never stored: the caller hands it to
 * the sender after the commit.
 */
#ifndef FENQI_SERVICE_ONE_TIME_CODES_H
#define FENQI_SERVICE_ONE_TIME_CODES_H

#include "codec/vault.h"
#include "store/store.h"

enum {
    CODE_DIGITS = 6,
    CODE_TEXT_SIZE = CODE_DIGITS + 1,
    CODE_LIFE_S = 300,
    CODE_RESEND_S = 60,
    CODE_DAILY_LIMIT = 10,
    CODE_WRONG_LIMIT = 5,
};

enum code_purpose { CODE_LOGIN, CODE_REGISTER, CODE_SET_PASSWORD };

/* "login", "register", "set_password". */
const char *code_purpose_name(enum code_purpose purpose);

enum send_code_outcome {
    SEND_CODE_OK,
    SEND_CODE_TOO_SOON,      /* one was sent less than CODE_RESEND_S ago */
    SEND_CODE_LIMIT_REACHED, /* CODE_DAILY_LIMIT were sent today */
};

struct send_code_answer {
    enum send_code_outcome outcome;
    char code[CODE_TEXT_SIZE]; /* for the sender only; never logged, never in an answer */
    int32_t resend_after_s;
    struct instant expires_at;
};

/* Makes a new code for a valid phone number; the earlier one stops working. */
enum status send_code(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, enum code_purpose purpose, struct send_code_answer *answer) FENQI_MUST_USE;

enum check_code_outcome {
    CHECK_CODE_OK,
    CHECK_CODE_EXPIRED, /* none was sent, it is too old, or it was used */
    CHECK_CODE_LOCKED,  /* CODE_WRONG_LIMIT wrong guesses: ask for a new one */
    CHECK_CODE_WRONG,
};

/*
 * Uses a code up. A wrong guess is counted, so the unit's writes must be kept whatever the outcome:
 * no tx_refuse() after this.
 */
enum status check_code(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, enum code_purpose purpose, const char *code,
    enum check_code_outcome *outcome) FENQI_MUST_USE;

#endif
