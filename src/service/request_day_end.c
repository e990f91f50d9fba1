/* request_day_end.c: staff ask for the day-end. See request_day_end.h. */
#include "service/request_day_end.h"

#include "service/bell.h"
#include "store/day_end.h"
#include "store/event_log.h"
#include "store/setting.h"

#include <string.h>

enum status requested_day_end(struct tx *tx, struct day *day) {
    char *text;
    *day = DAY_NONE;
    enum status status = setting_load(tx, SETTING_DAY_END_REQUESTED, &text);
    if (status == STATUS_OK && text && !day_from_text(text, strlen(text), day))
        *day = DAY_NONE;
    return status;
}

/* Open screens of staff ask again how it stands. */
static enum status tell_staff(struct tx *tx) {
    return event_log_append(tx, tx_now(tx), EVENT_LOG_STAFF, "d", "");
}

enum status clear_day_end_request(struct tx *tx, struct day day) {
    struct day waiting;
    enum status status = requested_day_end(tx, &waiting);
    if (status != STATUS_OK || waiting.number != day.number)
        return status; /* another wish, made meanwhile */
    status = setting_save(tx, SETTING_DAY_END_REQUESTED, "");
    return status == STATUS_OK ? tell_staff(tx) : status;
}

enum status fulfil_day_end_request(struct tx *tx, struct day day) {
    struct day books;
    bool open = false;
    enum status status = setting_business_date(tx, &books);
    if (status == STATUS_OK)
        status = day_end_is_open(tx, books, &open);
    return status != STATUS_OK || open ? status : clear_day_end_request(tx, day);
}

enum status request_day_end(
    struct tx *tx, struct moment moment, struct day day, enum request_day_end_outcome *outcome) {
    struct day waiting;
    enum status status = requested_day_end(tx, &waiting);
    if (status != STATUS_OK)
        return status;
    int32_t ahead = days_between(moment.business_date, day);
    *outcome = REQUEST_DAY_END_OK;
    if (!day_is_none(waiting))
        *outcome = REQUEST_DAY_END_RUNNING;
    else if (ahead < 0 || ahead > DAY_END_DAYS_MOST)
        *outcome = REQUEST_DAY_END_OUT_OF_RANGE;
    if (*outcome != REQUEST_DAY_END_OK)
        return STATUS_OK;
    char text[DAY_TEXT_SIZE];
    bell_on_commit(tx, BELL_DAY_END);
    status = setting_save(tx, SETTING_DAY_END_REQUESTED, day_to_text(day, text));
    return status == STATUS_OK ? tell_staff(tx) : status;
}
