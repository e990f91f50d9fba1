/* forget_events.c: old events of open screens are deleted. See forget_events.h. */
#include "service/forget_events.h"

enum { SECONDS_A_DAY = 86400 };

enum status plan_forgetting(struct tx *tx, struct instant now, struct forget_place *place) {
    struct instant before = instant_add_seconds(now, -EVENT_DAYS_KEPT * SECONDS_A_DAY);
    struct log_row *rows;
    size_t count;
    place->count = 0;
    enum status status =
        event_log_page(tx, place->user_id, place->number, FORGET_PAGE, &rows, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        place->user_id = rows[i].user_id;
        place->number = rows[i].number;
        if (instant_compare(rows[i].created_at, before) >= 0)
            continue;
        struct log_row *last = place->count > 0 ? &place->before[place->count - 1] : NULL;
        if (last != NULL && last->user_id == rows[i].user_id)
            *last = rows[i];
        else
            place->before[place->count++] = rows[i];
    }
    place->done = status == STATUS_OK && count < FORGET_PAGE;
    return status;
}

enum status forget_events(struct tx *tx, const struct forget_place *place) {
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < place->count; i++)
        status = event_log_forget(tx, place->before[i].user_id, place->before[i].number);
    return status;
}
