/*
 * test_log.c: SQLite's write-ahead log is copied into the file beside the commits and begins anew,
 * whatever a reader does, so that it does not grow with the work.
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_FRAMES = 64, FRAME_BYTES = 4096 + 24, MOST_COMMITS = 20000 };

static void log_name(const struct database *database, char name[300]) {
    snprintf(name, 300, "%s-wal", database->url + strlen("sqlite:"));
}

/* How often the log has begun anew: bytes 12 to 15 of its head, see sqlite.org/fileformat.html. */
static unsigned log_generation(const struct database *database) {
    char name[300];
    unsigned char head[32] = {0};
    log_name(database, name);
    int file = open(name, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    assert_int_equal(read(file, head, sizeof head), sizeof head);
    close(file);
    return (unsigned)head[12] << 24 | (unsigned)head[13] << 16 | (unsigned)head[14] << 8 | head[15];
}

static long long log_bytes(const struct database *database) {
    char name[300];
    struct stat info;
    log_name(database, name);
    assert_int_equal(stat(name, &info), 0);
    return info.st_size;
}

/* Commits until the log has begun anew `times` times; the number of commits. */
static int commit_until_anew(struct database *database, unsigned times) {
    unsigned first = log_generation(database);
    struct counter counter = {.name = "counter"};
    int commits = 0;
    for (; commits < MOST_COMMITS && log_generation(database) - first < times; commits++)
        run_ok(database, add_one, &counter);
    return commits;
}

static struct database *begin_short_log(void) {
    struct store_options options = {.log_frames = LOG_FRAMES};
    struct database *database = database_create(&options);
    struct counter counter = {.name = "counter"};
    run_ok(database, add_one, &counter);
    return database;
}

static void test_the_log_begins_anew(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = begin_short_log();
    int commits = commit_until_anew(database, 5);
    assert_true(commits < MOST_COMMITS);
    assert_int_equal(counter_value(database, "counter"), commits + 1);
    assert_true(log_bytes(database) < 40LL * LOG_FRAMES * FRAME_BYTES);
    database_destroy(database);
}

static void test_an_old_snapshot_holds_it_and_blocks_nobody(void **state) {
    (void)state;
    if (database_is_postgres())
        skip();
    struct database *database = begin_short_log();
    const char *value = "SELECT CAST(value AS INTEGER) FROM setting WHERE name = 'counter'";
    sqlite3 *reader;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(database->url + strlen("sqlite:"), &reader), SQLITE_OK);
    assert_int_equal(sqlite3_exec(reader, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(reader, value, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int seen = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);

    unsigned generation = log_generation(database);
    struct counter counter = {.name = "counter"};
    for (int i = 0; i < 10 * LOG_FRAMES; i++)
        run_ok(database, add_one, &counter);
    assert_int_equal(log_generation(database), generation);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), seen);

    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(reader), SQLITE_OK);
    assert_true(commit_until_anew(database, 1) < MOST_COMMITS);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_log_begins_anew),
        cmocka_unit_test(test_an_old_snapshot_holds_it_and_blocks_nobody),
    };
    return cmocka_run_group_tests_name("conformance_log", tests, NULL, NULL);
}
