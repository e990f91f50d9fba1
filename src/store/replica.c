/* replica.c: see replica.h. The times are the server's own. */
#include "store/replica.h"

#include "store/console_connection.h"

#include <stdlib.h>

/* Not behind: a receiver of the log is running and nothing received waits to be applied. */
static const char question[] =
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_stat_get_wal_receiver() r WHERE r.pid IS NOT NULL)"
    " AND pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0 ELSE 1 END,"
    " CAST(EXTRACT(EPOCH FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000 AS"
    " BIGINT),"
    " CAST(EXTRACT(EPOCH FROM pg_last_xact_replay_timestamp()) * 1000000 AS BIGINT)"
    " WHERE pg_is_in_recovery()";

static int64_t number_of(const char *text, int64_t otherwise) {
    return text == NULL ? otherwise : strtoll(text, NULL, 10);
}

static void take(void *context, char **columns) {
    struct data_age *age = context;
    age->replica = true;
    age->behind = number_of(columns[0], 1) != 0;
    age->age_ms = age->behind ? number_of(columns[1], INT64_MAX) : 0;
    age->as_of.us = number_of(columns[2], 0);
}

enum status store_data_age(
    const char *database, struct arena *arena, struct data_age *age, struct fault *fault) {
    struct console_connection *connection;
    *age = (struct data_age){false, false, 0, {0}};
    enum status status = console_open(database, false, &connection, fault);
    if (status != STATUS_OK)
        return status;
    if (console_is_postgres(connection))
        status = console_rows(connection, arena, question, take, age, fault);
    console_close(connection);
    return status;
}
