/* together.c: lanes, their rounds, and what goes to the server. Exports lane.h and together.h. */
#include "store/together.h"

#include "base/check.h"
#include "store/fiber.h"
#include "store/lane.h"
#include "store/query_table.h"
#include "store/tx.h"

#include <stdlib.h>
#include <string.h>

/* Of it only what a unit touches is memory. */
enum { SCRATCH_BLOCK = 1024 * 1024 };

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
    struct cursor *cursor; /* NULL until it was answered */
    size_t request;        /* where it is in the round: request and row */
    size_t row;
};

/* What its unit is going to ask, and the answer, which is kept until the unit ends. */
struct foreseen {
    struct question question;
    bool waits; /* to be sent with the lane's next question */
    struct foreseen *next;
};

/* One bit each, as in struct query_text. */
enum { TABLES_MOST = 64 };

struct lane {
    struct together *together;
    struct fiber *fiber;
    struct arena *scratch; /* kept from batch to batch, as the fiber is */
    int64_t key;
    struct attempt **attempts; /* in order of arrival */
    size_t attempt_count;
    struct question *question; /* NULL: it asks nothing */
    struct foreseen *foreseen; /* of its present unit */
    bool running;
    uint64_t unsent_tables; /* tables that its waiting writes change */
    /* by table: number of the slot of its last waiting write, where the table is an unsent one */
    int64_t last_slots[TABLES_MOST];
    bool unit_sent; /* something that its present unit wrote has been sent */
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
    for (size_t i = 0; i < together->limit; i++) {
        fiber_destroy(together->lanes[i].fiber);
        arena_destroy(together->lanes[i].scratch);
    }
    free(together->lanes);
    free(together);
}

/* ---- what units do ---- */

static struct value *copy_values(
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

static bool same_value(const struct value *a, const struct value *b) {
    if (a->kind != b->kind || a->kind == VALUE_NULL)
        return a->kind == b->kind;
    return a->kind == VALUE_INTEGER ? a->integer == b->integer : bytes_equal(a->bytes, b->bytes);
}

static bool is_about(
    const struct question *question, enum query query, const struct value *values) {
    bool same = question->query == query;
    for (int i = 0; same && i < query_text(query)->parameter_count; i++)
        same = same_value(&question->values[i], &values[i]);
    return same;
}

enum { EVERY_TABLE = -1 };

/* Forgets what was foreseen of these tables, answered or not. */
static void forget_foreseen(struct lane *lane, uint64_t tables) {
    const struct driver *driver = lane->together->committer->store->driver;
    for (struct foreseen **at = &lane->foreseen; *at != NULL;) {
        struct foreseen *foreseen = *at;
        bool all = tables == (uint64_t)EVERY_TABLE;
        if (!all && (query_text(foreseen->question.query)->tables & tables) == 0) {
            at = &foreseen->next;
            continue;
        }
        if (foreseen->question.cursor != NULL)
            driver->cursor_close(foreseen->question.cursor);
        *at = foreseen->next;
    }
}

void lane_foresee(struct lane *lane, enum query query, const struct value *values) {
    struct arena *arena = lane->together->committer->arena;
    struct foreseen *foreseen = ARENA_NEW(arena, struct foreseen);
    foreseen->question =
        (struct question){.query = query, .values = copy_values(arena, query, values)};
    foreseen->waits = true;
    foreseen->next = lane->foreseen;
    lane->foreseen = foreseen;
}

static struct foreseen *find_foreseen(
    struct lane *lane, enum query query, const struct value *values) {
    for (struct foreseen *at = lane->foreseen; at != NULL; at = at->next)
        if (is_about(&at->question, query, values))
            return at;
    return NULL;
}

/* Pauses until the question is answered, or the transaction broken. */
static void wait_for(struct lane *lane, struct question *question) {
    lane->question = question;
    fiber_pause(lane->fiber);
}

/* Asks what was foreseen, unless the answer is there, and keeps it for the next time. */
static void ask_foreseen(struct lane *lane, struct foreseen *foreseen, struct cursor **cursor) {
    if (foreseen->question.cursor == NULL) {
        foreseen->waits = false;
        wait_for(lane, &foreseen->question);
    }
    if (foreseen->question.cursor != NULL)
        *cursor = lane->together->committer->store->driver->cursor_again(foreseen->question.cursor);
}

enum status lane_ask(struct lane *lane, enum query query, const struct value *values,
    struct cursor **cursor, struct fault *fault) {
    struct together *together = lane->together;
    *cursor = NULL;
    if (query_text(query)->kind != QUERY_READS)
        forget_foreseen(lane, query_text(query)->tables);
    struct foreseen *foreseen = find_foreseen(lane, query, values);
    struct question question = {.query = query, .values = values};
    if (!together->broken && foreseen != NULL) {
        ask_foreseen(lane, foreseen, cursor);
    } else if (!together->broken) {
        wait_for(lane, &question);
        *cursor = question.cursor;
    }
    if (query_text(query)->kind != QUERY_READS)
        lane->unit_sent = true;
    if (!together->broken)
        return STATUS_OK;
    *fault = together->fault;
    return fault->status;
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

/* Number of the slot of a lane's last waiting write to one of these tables, 0: none. */
static int64_t last_slot(const struct lane *lane, uint64_t tables) {
    int64_t last = 0;
    for (uint64_t left = tables & lane->unsent_tables; left != 0; left &= left - 1) {
        int64_t number = lane->last_slots[__builtin_ctzll(left)];
        last = number > last ? number : last;
    }
    return last;
}

static void note_slot(struct lane *lane, uint64_t tables, int64_t number) {
    for (uint64_t left = tables; left != 0; left &= left - 1)
        lane->last_slots[__builtin_ctzll(left)] = number;
    lane->unsent_tables |= tables;
}

/*
 * The slot for a lane's next write: never before its last one to the same table, so that what it
 * writes to one row keeps its order, and never the same one again where a statement may change a
 * row only once.
 */
static struct slot *slot_for(struct lane *lane, enum query query) {
    int64_t from = last_slot(lane, query_text(query)->tables);
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
    note_slot(lane, query_text(query)->tables, slot->number);
    forget_foreseen(lane, query_text(query)->tables);
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
        attempt_run(together->committer, lane->attempts[i], lane, lane->scratch);
        forget_foreseen(lane, (uint64_t)EVERY_TABLE);
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
    struct arena *scratch = lane->scratch == NULL ? arena_create(SCRATCH_BLOCK) : lane->scratch;
    *lane = (struct lane){
        .together = together, .fiber = fiber, .scratch = scratch, .key = key, .running = true};
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
        lane->unsent_tables = 0;
        lane->unit_sent = lane->unit_sent || lane->unit_write_count > 0;
        lane->unit_write_count = 0;
    }
}

/* What is asked in one round. */
struct questions {
    struct question **at;
    size_t count;
};

/* What every lane asks, and what its unit foresees beside it. */
static struct questions collect(struct together *together) {
    struct questions asked = {.count = 0};
    size_t room = 0;
    for (size_t i = 0; i < together->lane_count; i++) {
        room++;
        for (struct foreseen *at = together->lanes[i].foreseen; at != NULL; at = at->next)
            room++;
    }
    asked.at = ARENA_ARRAY(together->committer->arena, room, struct question *);
    for (size_t i = 0; i < together->lane_count; i++) {
        struct lane *lane = &together->lanes[i];
        if (lane->question == NULL)
            continue;
        asked.at[asked.count++] = lane->question;
        lane->question = NULL;
        for (struct foreseen *at = lane->foreseen; at != NULL; at = at->next) {
            if (at->waits)
                asked.at[asked.count++] = &at->question;
            at->waits = false;
        }
    }
    return asked;
}

/* A request a query where the query can be asked for many. */
static void pack_questions(struct parcel *parcel, const struct questions *asked) {
    size_t first = parcel->count;
    for (size_t i = 0; i < asked->count; i++) {
        struct question *question = asked->at[i];
        const struct query_text *text = query_text(question->query);
        bool alone = text->kind != QUERY_READS || text->postgres_many == NULL;
        size_t place = alone ? parcel->count : first;
        while (place < parcel->count && parcel->requests[place].query != question->query)
            place++;
        if (place == parcel->count) {
            size_t room = alone ? 1 : asked->count - i;
            struct request *request = add_request(parcel, question->query, room);
            request->cursors = ARENA_ARRAY(parcel->arena, room, struct cursor *);
        }
        question->request = place;
        question->row = parcel->requests[place].row_count;
        put_row(&parcel->requests[place], question->values);
    }
}

/* Hands every question its cursor. */
static void hand_out(const struct parcel *parcel, const struct questions *asked) {
    for (size_t i = 0; i < asked->count; i++) {
        struct question *question = asked->at[i];
        question->cursor = parcel->requests[question->request].cursors[question->row];
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
    together->committer->rounds++;
    enum status status =
        together->committer->store->driver->exchange(connection, &exchange, &together->fault);
    together->broken = status != STATUS_OK;
    return status;
}

/* Whether a lane asks for a table in which its own writes still wait. */
static bool reads_own_writes(const struct together *together) {
    for (size_t i = 0; i < together->lane_count; i++) {
        const struct lane *lane = &together->lanes[i];
        if (lane->question == NULL)
            continue;
        uint64_t tables = query_text(lane->question->query)->tables;
        for (const struct foreseen *at = lane->foreseen; at != NULL; at = at->next)
            if (at->waits)
                tables |= query_text(at->question.query)->tables;
        if ((lane->unsent_tables & tables) != 0)
            return true;
    }
    return false;
}

/* One round: everything that is asked now. */
static void answer_lanes(struct together *together) {
    struct parcel parcel = {.arena = together->committer->arena};
    if (reads_own_writes(together))
        pack_writes(together, &parcel);
    struct questions asked = collect(together);
    pack_questions(&parcel, &asked);
    if (send(together, &parcel, false) == STATUS_OK)
        hand_out(&parcel, &asked);
}

/* Runs every lane until it asks or has ended; false when nobody asks any more. */
static bool run_lanes(struct together *together) {
    bool asked = false;
    for (size_t i = 0; i < together->lane_count; i++) {
        struct lane *lane = &together->lanes[i];
        if (lane->running)
            lane->running = fiber_resume(lane->fiber);
        asked = asked || lane->question != NULL;
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
