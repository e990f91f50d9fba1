/*
 * card_codes.c: the table of business codes. The unclear ones are those that several independent
 * clients of the acquirer treat so (china.md D4); the classes decide what a retry means and are our
 * own reading of the codes' names, so an unlisted code is a plain refusal.
 */
#include "channel/card_codes.h"

#include <string.h>

bool card_code_unclear(const char *code) {
    static const char *const unclear[] = {
        "BF00100", /* system error */
        "BF00112", /* system busy */
        "BF00113", /* result unknown */
        "BF00115", /* in process */
        "BF00144", /* at risk, in process */
        "BF00202", /* in process */
    };
    for (size_t i = 0; i < sizeof unclear / sizeof unclear[0]; i++)
        if (strcmp(code, unclear[i]) == 0)
            return true;
    return false;
}

enum channel_failure card_code_failure(const char *code) {
    static const struct {
        const char *code;
        enum channel_failure failure;
    } table[] = {
        {"BF00101", CHANNEL_FAILURE_IDENTITY},     /* holder's data wrong */
        {"BF00102", CHANNEL_FAILURE_CARD_DEAD},    /* expired */
        {"BF00103", CHANNEL_FAILURE_NO_MONEY},     /* not enough money */
        {"BF00104", CHANNEL_FAILURE_LIMIT},        /* amount over limit */
        {"BF00105", CHANNEL_FAILURE_CODE_WRONG},   /* SMS code wrong */
        {"BF00106", CHANNEL_FAILURE_CODE_EXPIRED}, /* SMS code no longer good */
        {"BF00107", CHANNEL_FAILURE_UNSUPPORTED},  /* card not for this business */
        {"BF00110", CHANNEL_FAILURE_UNSUPPORTED},
        {"BF00122", CHANNEL_FAILURE_UNSUPPORTED}, /* card and channel do not fit */
        {"BF00127", CHANNEL_FAILURE_UNSUPPORTED},
        {"BF00132", CHANNEL_FAILURE_CODE_EXPIRED},
        {"BF00133", CHANNEL_FAILURE_CODE_EXPIRED}, /* too many wrong codes */
        {"BF00134", CHANNEL_FAILURE_MANDATE_GONE}, /* protocol not there */
        {"BF00140", CHANNEL_FAILURE_CARD_DEAD},    /* card closed */
        {"BF00141", CHANNEL_FAILURE_CARD_DEAD},    /* card reported lost */
        {"BF00146", CHANNEL_FAILURE_LIMIT},        /* over the single limit */
        {"BF00147", CHANNEL_FAILURE_UNSUPPORTED},
        {"BF00182", CHANNEL_FAILURE_IDENTITY}, /* card number wrong */
        {"BF00187", CHANNEL_FAILURE_UNSUPPORTED},
        {"BF00201", CHANNEL_FAILURE_CODE_EXPIRED},
        {"BF00232", CHANNEL_FAILURE_UNSUPPORTED},  /* card not opened for this */
        {"BF00233", CHANNEL_FAILURE_CARD_DEAD},    /* too many wrong passwords: ask the bank */
        {"BF00234", CHANNEL_FAILURE_LIMIT},        /* over the day's limit */
        {"BF00235", CHANNEL_FAILURE_LIMIT},        /* over the limit of one payment */
        {"BF00236", CHANNEL_FAILURE_CARD_DEAD},    /* card number no longer good */
        {"BF00237", CHANNEL_FAILURE_CARD_DEAD},    /* frozen */
        {"BF00256", CHANNEL_FAILURE_CODE_EXPIRED}, /* ask for a new code */
        {"BF00258", CHANNEL_FAILURE_IDENTITY},     /* phone does not fit */
        {"BF00260", CHANNEL_FAILURE_CODE_EXPIRED},
        {"BF00261", CHANNEL_FAILURE_CODE_EXPIRED}, /* too many wrong codes */
        {"BF00312", CHANNEL_FAILURE_IDENTITY},     /* card number wrong */
        {"BF00317", CHANNEL_FAILURE_CODE_EXPIRED},
        {"BF00321", CHANNEL_FAILURE_IDENTITY},
        {"BF00322", CHANNEL_FAILURE_UNSUPPORTED},
        {"BF00324", CHANNEL_FAILURE_UNSUPPORTED},
        {"BF00325", CHANNEL_FAILURE_GATEWAY},   /* the bank is under maintenance */
        {"BF00327", CHANNEL_FAILURE_CARD_DEAD}, /* the card is not in order */
        {"BF00331", CHANNEL_FAILURE_IDENTITY},
        {"BF00332", CHANNEL_FAILURE_GATEWAY},   /* failed, pay again */
        {"BF00333", CHANNEL_FAILURE_CARD_DEAD}, /* at risk: the bank restricts the card */
        {"BF00341", CHANNEL_FAILURE_CARD_DEAD},
        {"BF00342", CHANNEL_FAILURE_LIMIT},    /* found without money too often today */
        {"BF00343", CHANNEL_FAILURE_IDENTITY}, /* phone */
        {"BF00344", CHANNEL_FAILURE_IDENTITY}, /* card number */
        {"BF00345", CHANNEL_FAILURE_IDENTITY}, /* name */
        {"BF00346", CHANNEL_FAILURE_IDENTITY}, /* identity number */
        {"BF00347", CHANNEL_FAILURE_GATEWAY},  /* too often: a little later */
        {"BF00350", CHANNEL_FAILURE_LIMIT},    /* failed three times today: tomorrow */
        {"BF00351", CHANNEL_FAILURE_LIMIT},    /* too many payments today */
        {"BF00353", CHANNEL_FAILURE_IDENTITY}, /* the bank knows no phone */
        {"BF00372", CHANNEL_FAILURE_LIMIT},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(code, table[i].code) == 0)
            return table[i].failure;
    return CHANNEL_FAILURE_REJECTED;
}
