/*
 * delinquency.h: how late, in every vocabulary that asks. Exports: enum bucket, enum loan_class,
 * bucket_of_days(), bucket_name(), class_of_days(), bureau_status_code().
 *
 * Buckets and codes: China's credit bureau, second generation (R-0070 to R-0074).
 */
#ifndef FENQI_ENGINE_DELINQUENCY_H
#define FENQI_ENGINE_DELINQUENCY_H

#include "engine/contract.h"

/* M0 current, M1 1–30 days, M2 31–60 … M6 151–180, M6+ beyond. */
enum bucket {
    BUCKET_M0,
    BUCKET_M1,
    BUCKET_M2,
    BUCKET_M3,
    BUCKET_M4,
    BUCKET_M5,
    BUCKET_M6,
    BUCKET_M6_PLUS
};
enum { BUCKET_COUNT = BUCKET_M6_PLUS + 1 };

/* 五级分类: normal, 关注, 次级, 可疑, 损失. */
enum loan_class {
    CLASS_NORMAL,
    CLASS_SPECIAL_MENTION,
    CLASS_SUBSTANDARD,
    CLASS_DOUBTFUL,
    CLASS_LOSS
};

/* days >= 0. */
enum bucket bucket_of_days(int32_t days);

/* The first day late of a bucket: 0, 1, 31, 61, 91, 121, 151, 181. */
int32_t bucket_first_day(enum bucket bucket);

/* "M0" … "M6", "M6+". */
const char *bucket_name(enum bucket bucket);

enum loan_class class_of_days(int32_t days);

/* "normal", "special_mention", "substandard", "doubtful", "loss". */
const char *loan_class_name(enum loan_class class);

/* Days since the oldest due day that is unpaid on `day` (>= state's day); 0 none. */
int32_t days_past_due(const struct contract_state *state, struct day day);

/*
 * The repayment status of the month of `day`, seen on `day` itself (the month's end, or earlier in
 * a running month): '*' nothing due this month, 'N' normal, 'M' paid late within the month,
 * '1'..'7' overdue by bucket, 'C' closed this month, '/' not open. Days within terms' grace are not
 * reported as overdue. Past months are right for facts known to `state`.
 */
char bureau_status_code(
    const struct terms *terms, const struct contract_state *state, struct day day);

/* The first day on which the bureau would be told '1' if nothing is paid; DAY_NONE: nothing open.
 */
struct day bureau_report_day(const struct terms *terms, const struct contract_state *state);

#endif
