/* together.c: lanes, their rounds, and what goes to the server. Exports lane.h and together.h. */
#include "store/together.h"

#include "base/check.h"
#include "store/fiber.h"
#include "store/lane.h"
#include "store/query_table.h"
#include "store/tx.h"

#include <stdlib.h>
#include <string.h>

/* A write that waits to be sent. */
struct write {
    const struct value *values;
    struct write *next;
    bool dropped; /* its unit refused */
};

/* Waiting writes of one query; slots are sent in order. */
struct slot {
    enum query query;
    struct write *first;
    struct write **end;
    size_t count;
    struct slot *next;
    int64_t number; /* in order of sending, from 1 */
};

/* What a lane waits for. */
struct question {
    enum query query;
    const struct value *values;
    struct cursor *cursor;
};

struct lane {
    struct together *together;
    struct fiber *fiber;
    int64_t key;
    struct attempt **attempts; /* in order of arrival */
    size_t attempt_count;
    struct question question;
    bool asks;
    bool running;
    uint64_t unsent_tables; /* tables that its waiting writes change */
    int64_t last_slot;      /* number of the slot of its last waiting write, 0: none */
    bool unit_sent;         /* something that its present unit wrote has been sent */
    struct write **unit_writes;
    size_t unit_write_count;
    size_t unit_write_room;
};

struct together {
    struct committer *committer;
    struct lane *lanes;
    size_t limit;
    size_t lane_count;
    struct slot *slots; /* waiting writes, in order of sending */
    struct slot **slots_end;
    int64_t slot_number;
    bool begun;
    bool broken; /* `fault` befell the transaction */
    bool fallen; /* a unit refused after its writes were sent */
    struct fault fault;
};

struct together *together_create(struct committer *committer, size_t limit) {
    struct together *together = calloc(1, sizeof *together);
    check(together != NULL);
    together->committer = committer;
    together->limit = limit;
    together->lanes = calloc(limit, sizeof *together->lanes);
    check(together->lanes != NULL);
    return together;
}

void together_destroy(struct together *together) {
    if (together == NULL)
        return;
    for (size_t i = 0; i < together->limit; i++)
        fiber_destroy(together->lanes[i].fiber);
    free(together->lanes);
    free(together);
}

/* ---- what units do ---- */

enum status lane_ask(struct lane *lane, enum query query, const struct value *values,
    struct cursor **cursor, struct fault *fault) {
    struct together *together = lane->together;
    *cursor = NULL;
    if (!together->broken) {
        lane->question = (struct question){.query = query, .values = values};
        lane->asks = true;
        fiber_pause(lane->fiber);
        *cursor = lane->question.cursor;
    }
    if (query_text(query)->kind != QUERY_READS)
        lane->unit_sent = true;
    if (!together->broken)
        return STATUS_OK;
    *fault = together->fault;
    return fault->status;
}

static const struct value *copy_values(
    struct arena *arena, enum query query, const struct value *values) {
    size_t count = (size_t)query_text(query)->parameter_count;
    struct value *copy = ARENA_ARRAY(arena, count, struct value);
    for (size_t i = 0; i < count; i++) {
        copy[i] = values[i];
        if (values[i].kind == VALUE_TEXT || values[i].kind == VALUE_BYTES)
            copy[i].bytes = arena_bytes(arena, values[i].bytes);
    }
    return copy;
}

static struct slot *add_slot(struct together *together, enum query query) {
    struct slot *slot = ARENA_NEW(together->committer->arena, struct slot);
    slot->query = query;
    slot->end = &slot->first;
    slot->number = ++together->slot_number;
    *together->slots_end = slot;
    together->slots_end = &slot->next;
    return slot;
}

/*
 * The slot for a lane's next write: never before its last one, so that what it writes to one row
 * keeps its order, and never the same one again where a statement may change a row only once.
 */
static struct slot *slot_for(struct lane *lane, enum query query) {
    int64_t from = lane->last_slot;
    bool same = query_text(query)->kind == QUERY_APPENDS;
    for (struct slot *slot = lane->together->slots; slot != NULL; slot = slot->next)
        if (slot->query == query && (slot->number > from || (slot->number == from && same)))
            return slot;
    return add_slot(lane->together, query);
}

static void remember_write(struct lane *lane, struct write *write) {
    if (lane->unit_write_count == lane->unit_write_room) {
        size_t room = lane->unit_write_room == 0 ? 16 : lane->unit_write_room * 2;
        struct write **more = ARENA_ARRAY(lane->together->committer->arena, room, struct write *);
        if (lane->unit_write_count > 0)
            memcpy(more, lane->unit_writes, lane->unit_write_count * sizeof(struct write *));
        lane->unit_writes = more;
        lane->unit_write_room = room;
    }
    lane->unit_writes[lane->unit_write_count++] = write;
}

enum status lane_write(
    struct lane *lane, enum query query, const struct value *values, struct fault *fault) {
    struct together *together = lane->together;
    if (together->broken) {
        *fault = together->fault;
        return fault->status;
    }
    struct write *write = ARENA_NEW(together->committer->arena, struct write);
    write->values = copy_values(together->committer->arena, query, values);
    struct slot *slot = slot_for(lane, query);
    *slot->end = write;
    slot->end = &write->next;
    slot->count++;
    lane->last_slot = slot->number;
    lane->unsent_tables |= query_text(query)->tables;
    remember_write(lane, write);
    return STATUS_OK;
}

/* ---- what a lane does ---- */

static void run_lane(void *argument) {
    struct lane *lane = argument;
    struct together *together = lane->together;
    for (size_t i = 0; i < lane->attempt_count; i++) {
        lane->unit_sent = false;
        lane->unit_write_count = 0;
        attempt_run(together->committer, lane->attempts[i], lane);
        if (attempt_is_kept(lane->attempts[i]))
            continue;
        if (lane->unit_sent)
            together->fallen = true;
        for (size_t j = 0; j < lane->unit_write_count; j++)
            lane->unit_writes[j]->dropped = true;
    }
}

static struct lane *lane_for(struct together *together, int64_t key, size_t room) {
    for (size_t i = 0; i < together->lane_count; i++)
        if (together->lanes[i].key == key)
            return &together->lanes[i];
    struct lane *lane = &together->lanes[together->lane_count++];
    struct fiber *fiber = lane->fiber == NULL ? fiber_create() : lane->fiber;
    *lane = (struct lane){.together = together, .fiber = fiber, .key = key, .running = true};
    lane->attempts = ARENA_ARRAY(together->committer->arena, room, struct attempt *);
    return lane;
}

static void share_out(struct together *together, struct attempt *attempts, size_t count) {
    together->lane_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct lane *lane = lane_for(together, attempts[i].unit->key, count - i);
        lane->attempts[lane->attempt_count++] = &attempts[i];
    }
    for (size_t i = 0; i < together->lane_count; i++)
        fiber_start(together->lanes[i].fiber, run_lane, &together->lanes[i]);
}

/* ---- what goes to the server ---- */

/* Requests being put together for one exchange. */
struct parcel {
    struct arena *arena;
    struct request *requests;
    size_t count;
    size_t room;
};

static struct request *add_request(struct parcel *parcel, enum query query, size_t row_count) {
    if (parcel->count == parcel->room) {
        size_t room = parcel->room == 0 ? 32 : parcel->room * 2;
        struct request *more = ARENA_ARRAY(parcel->arena, room, struct request);
        if (parcel->count > 0)
            memcpy(more, parcel->requests, parcel->count * sizeof *more);
        parcel->requests = more;
        parcel->room = room;
    }
    struct request *request = &parcel->requests[parcel->count++];
    *request = (struct request){.query = query};
    request->rows = ARENA_ARRAY(parcel->arena, row_count, const struct value *);
    return request;
}

static void put_row(struct request *request, const struct value *values) {
    request->rows[request->row_count++] = values;
}

/* All waiting writes, in order; none waits afterwards. */
static void pack_writes(struct together *together, struct parcel *parcel) {
    for (struct slot *slot = together->slots; slot != NULL; slot = slot->next) {
        struct request *request = NULL;
        bool one_by_one = query_text(slot->query)->postgres_many == NULL;
        for (struct write *write = slot->first; write != NULL; write = write->next) {
            if (write->dropped)
                continue;
            if (request == NULL || one_by_one)
                request = add_request(parcel, slot->query, one_by_one ? 1 : slot->count);
            put_row(request, write->values);
        }
    }
    together->slots = NULL;
    together->slots_end = &together->slots;
    for (size_t i = 0; i < together->lane_count; i++) {
        struct lane *lane = &together->lanes[i];
        lane->last_slot = 0;
        lane->unsent_tables = 0;
        lane->unit_sent = lane->unit_sent || lane->unit_write_count > 0;
        lane->unit_write_count = 0;
    }
}

/* What the lanes ask, a request a query where the query can be asked for many. */
static void pack_questions(struct together *together, struct parcel *parcel) {
    size_t first = parcel->count;
    for (size_t i = 0; i < together->lane_count; i++) {
        struct lane *lane = &together->lanes[i];
        if (!lane->asks)
            continue;
        const struct query_text *text = query_text(lane->question.query);
        bool alone = text->kind != QUERY_READS || text->postgres_many == NULL;
        struct request *request = NULL;
        for (size_t j = first; !alone && request == NULL && j < parcel->count; j++)
            if (parcel->requests[j].query == lane->question.query)
                request = &parcel->requests[j];
        if (request == NULL) {
            size_t room = alone ? 1 : together->lane_count;
            request = add_request(parcel, lane->question.query, room);
            request->cursors = ARENA_ARRAY(parcel->arena, room, struct cursor *);
        }
        put_row(request, lane->question.values);
    }
}

/* Hands the cursors to the lanes that asked, in the order in which pack_questions() took them. */
static void hand_out(struct together *together, struct parcel *parcel, size_t first) {
    size_t *taken = ARENA_ARRAY(parcel->arena, parcel->count, size_t);
    for (size_t i = 0; i < together->lane_count; i++) {
        struct lane *lane = &together->lanes[i];
        if (!lane->asks)
            continue;
        lane->asks = false;
        for (size_t j = first; j < parcel->count; j++) {
            struct request *request = &parcel->requests[j];
            if (request->query != lane->question.query || taken[j] == request->row_count)
                continue;
            lane->question.cursor = request->cursors[taken[j]++];
            break;
        }
    }
}

static int compare_keys(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static enum status send(struct together *together, const struct parcel *parcel, bool commit) {
    struct connection *connection = together->committer->connection;
    struct exchange exchange = {.begin = !together->begun,
        .requests = parcel->requests,
        .request_count = parcel->count,
        .commit = commit};
    if (exchange.begin) {
        int64_t *keys = ARENA_ARRAY(parcel->arena, together->lane_count, int64_t);
        for (size_t i = 0; i < together->lane_count; i++)
            keys[i] = together->lanes[i].key;
        qsort(keys, together->lane_count, sizeof *keys, compare_keys);
        exchange.keys = keys;
        exchange.key_count = together->lane_count;
    }
    together->begun = true;
    enum status status =
        together->committer->store->driver->exchange(connection, &exchange, &together->fault);
    together->broken = status != STATUS_OK;
    return status;
}

/* Whether a lane asks for a table in which its own writes still wait. */
static bool reads_own_writes(const struct together *together) {
    for (size_t i = 0; i < together->lane_count; i++) {
        const struct lane *lane = &together->lanes[i];
        if (lane->asks && (lane->unsent_tables & query_text(lane->question.query)->tables) != 0)
            return true;
    }
    return false;
}

/* One round: everything that is asked now. */
static void answer_lanes(struct together *together) {
    struct parcel parcel = {.arena = together->committer->arena};
    if (reads_own_writes(together))
        pack_writes(together, &parcel);
    size_t first = parcel.count;
    pack_questions(together, &parcel);
    if (send(together, &parcel, false) == STATUS_OK) {
        hand_out(together, &parcel, first);
        return;
    }
    for (size_t i = 0; i < together->lane_count; i++)
        together->lanes[i].asks = false;
}

/* Runs every lane until it asks or has ended; false when nobody asks any more. */
static bool run_lanes(struct together *together) {
    bool asked = false;
    for (size_t i = 0; i < together->lane_count; i++) {
        struct lane *lane = &together->lanes[i];
        if (lane->running)
            lane->running = fiber_resume(lane->fiber);
        asked = asked || lane->asks;
    }
    return asked;
}

static enum status commit(struct together *together) {
    struct parcel parcel = {.arena = together->committer->arena};
    pack_writes(together, &parcel);
    if (parcel.count == 0 && !together->begun)
        return STATUS_OK; /* all refused without a question */
    /* the number of the transaction must be known before its commit can be lost */
    struct parcel nothing = {.arena = parcel.arena};
    enum status status = together->begun ? STATUS_OK : send(together, &nothing, false);
    return status == STATUS_OK ? send(together, &parcel, true) : status;
}

enum status together_run(
    struct together *together, struct attempt *attempts, size_t count, struct fault *fault) {
    check(count <= together->limit);
    together->slots = NULL;
    together->slots_end = &together->slots;
    together->slot_number = 0;
    together->begun = together->broken = together->fallen = false;
    share_out(together, attempts, count);
    while (run_lanes(together))
        answer_lanes(together);
    enum status status = STATUS_OK;
    if (together->fallen && !together->broken)
        status =
            fault_set(&together->fault, STATUS_CONFLICT, "a unit refused after it had written");
    else
        status = together->broken ? together->fault.status : commit(together);
    if (status != STATUS_OK) {
        together->committer->store->driver->rollback(together->committer->connection);
        *fault = together->fault;
    }
    return status;
}
