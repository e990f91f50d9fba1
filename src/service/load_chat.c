/* load_chat.c: reading a conversation. Exports load_chat_lines(), load_chat_queue(), chat_hours().
 */
#include "service/chat_event.h"
#include "store/staff.h"

/* Fills in who of the staff wrote each line; a conversation has few of them, so each is asked once.
 */
static enum status name_staff(struct tx *tx, struct chat_line *lines, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (lines[i].staff_id == 0 || lines[i].staff_name != NULL)
            continue;
        struct staff staff;
        bool found;
        enum status status = staff_load(tx, lines[i].staff_id, &staff, &found);
        if (status != STATUS_OK)
            return status;
        for (size_t j = i; j < count; j++)
            if (lines[j].staff_id == lines[i].staff_id)
                lines[j].staff_name = found ? staff.name : "";
    }
    return STATUS_OK;
}

enum status load_chat_lines(struct tx *tx, const struct vault *vault, int64_t customer_id,
    struct chat_window window, bool with_notes, struct chat_line **lines, size_t *count,
    bool *earlier) {
    const size_t limit = CHAT_PAGE_LINES + 1; /* one more tells whether there is more */
    bool backwards = window.latest || window.before > 0;
    int64_t before = window.before > 0 ? window.before : INT64_MAX;
    struct chat_message *messages;
    size_t stored = 0;
    *count = 0;
    enum status status =
        backwards
            ? chat_message_list_before(tx, customer_id, before, limit, &messages, &stored)
            : chat_message_list_after(tx, customer_id, window.after, limit, &messages, &stored);
    if (status != STATUS_OK)
        return status;
    bool full = stored > CHAT_PAGE_LINES;
    size_t first = backwards && full ? 1 : 0;
    if (!backwards && full)
        stored--;
    *earlier = backwards ? full : window.after > 0;
    *lines = ARENA_ARRAY(tx_arena(tx), stored + 1, struct chat_line);
    struct customer_key key;
    status = load_chat_key(tx, vault, customer_id, &key);
    for (size_t i = first; i < stored && status == STATUS_OK; i++)
        if (with_notes || !messages[i].note)
            status = chat_line_open(tx, &key, &messages[i], &(*lines)[(*count)++]);
    if (status == STATUS_OK)
        status = name_staff(tx, *lines, *count);
    return status;
}

enum status load_chat_queue(
    struct tx *tx, const struct conversation *conversation, struct chat_queue *queue) {
    int64_t before;
    enum status status =
        conversation_count_waiting(tx, conversation->waiting_since, &queue->waiting, &before);
    bool waits = conversation->state == CONVERSATION_WAITING;
    queue->position = waits ? before + 1 : 0;
    queue->estimate_s = (waits ? queue->position : queue->waiting + 1) * CHAT_EACH_S;
    return status;
}

struct chat_hours chat_hours(struct instant now) {
    int32_t hour = instant_second_of_day(now, ZONE_SHANGHAI) / 3600;
    struct day today = instant_to_day(now, ZONE_SHANGHAI);
    struct instant opens =
        instant_add_seconds(day_start(today, ZONE_SHANGHAI), INT64_C(3600) * CHAT_OPEN_HOUR);
    struct instant closes =
        instant_add_seconds(day_start(today, ZONE_SHANGHAI), INT64_C(3600) * CHAT_CLOSE_HOUR);
    if (hour >= CHAT_OPEN_HOUR && hour < CHAT_CLOSE_HOUR)
        return (struct chat_hours){.open_now = true, .closes_at = closes};
    if (hour >= CHAT_CLOSE_HOUR)
        opens = instant_add_seconds(opens, 86400);
    return (struct chat_hours){.open_now = false, .opens_at = opens};
}
