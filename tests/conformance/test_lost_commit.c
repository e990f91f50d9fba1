/*
 * test_lost_commit.c: the connection goes away in COMMIT, before or after PostgreSQL heard it. A
 * proxy between the store and the server cuts at that moment; the store must find out by itself
 * what became of the transaction, and neither lose nor double the unit.
 */
#include "../unit/cmocka_include.h"

#include "units.h"

#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* What the proxy does with the next COMMIT that it sees. */
enum cut { CUT_NONE, CUT_BEFORE, CUT_AFTER };

enum { PROXY_PORT = 5432 };

struct proxy {
    char folder[60];
    char socket_path[90];
    char server_path[300];
    int listener;
    atomic_int cut;
    atomic_int cuts_done;
    atomic_int relays;   /* threads that still use this */
    atomic_bool refuses; /* new connections are closed at once */
    pthread_t thread;
};

/* One client's connection. */
struct relay {
    struct proxy *proxy;
    int client;
    int server;
};

static int connect_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, strlen(path));
    int handle = socket(AF_UNIX, SOCK_STREAM, 0);
    if (connect(handle, (struct sockaddr *)&address, sizeof address) == 0)
        return handle;
    close(handle);
    return -1;
}

/* Passes on what one side said; false at its end. */
static bool pass(int from, int to, char *buffer, size_t size, ssize_t *length) {
    *length = read(from, buffer, size);
    return *length > 0 && write(to, buffer, (size_t)*length) == *length;
}

/* Whether these bytes from the client hold a COMMIT: as a simple query, or the last of a round. */
static bool is_commit(const char *buffer, ssize_t length) {
    static const char alone[] = "Q\0\0\0\13COMMIT",
                      last[] = "\0COMMIT"; /* and the NUL at the end */
    return length > 0 && (memmem(buffer, (size_t)length, alone, sizeof alone) != NULL ||
                             memmem(buffer, (size_t)length, last, sizeof last) != NULL);
}

/* Takes the next COMMIT's order, once. */
static enum cut take_order(struct proxy *proxy) {
    return (enum cut)atomic_exchange(&proxy->cut, CUT_NONE);
}

/* From client to server; false when the connection is to be ended. */
static bool relay_up(struct relay *relay) {
    char buffer[65536];
    ssize_t length = read(relay->client, buffer, sizeof buffer);
    if (length <= 0)
        return false;
    enum cut cut = is_commit(buffer, length) ? take_order(relay->proxy) : CUT_NONE;
    if (cut != CUT_BEFORE && write(relay->server, buffer, (size_t)length) != length)
        return false;
    if (cut == CUT_AFTER) /* the server's answer is heard here and goes no further */
        length = read(relay->server, buffer, sizeof buffer);
    if (cut != CUT_NONE)
        atomic_fetch_add(&relay->proxy->cuts_done, 1);
    return cut == CUT_NONE;
}

static void *relay_main(void *argument) {
    struct relay *relay = argument;
    char buffer[65536];
    ssize_t length;
    struct pollfd ends[2] = {{relay->client, POLLIN, 0}, {relay->server, POLLIN, 0}};
    for (bool on = true; on && poll(ends, 2, -1) > 0;) {
        if (ends[0].revents != 0)
            on = relay_up(relay);
        if (on && ends[1].revents != 0)
            on = pass(relay->server, relay->client, buffer, sizeof buffer, &length);
    }
    close(relay->client);
    close(relay->server);
    struct proxy *proxy = relay->proxy;
    free(relay);
    atomic_fetch_sub(&proxy->relays, 1);
    return NULL;
}

static void *proxy_main(void *argument) {
    struct proxy *proxy = argument;
    for (;;) {
        int client = accept(proxy->listener, NULL, NULL);
        if (client < 0)
            return NULL;
        if (atomic_load(&proxy->refuses)) {
            close(client);
            continue;
        }
        struct relay *relay = calloc(1, sizeof *relay);
        *relay = (struct relay){proxy, client, connect_unix(proxy->server_path)};
        pthread_t thread;
        atomic_fetch_add(&proxy->relays, 1);
        if (pthread_create(&thread, NULL, relay_main, relay) == 0)
            pthread_detach(thread);
    }
}

/* Reads from the URL's own connection where the server's socket is. */
static void find_server(struct database *database, struct proxy *proxy) {
    PGconn *server = PQconnectdb(database->url);
    assert_int_equal(PQstatus(server), CONNECTION_OK);
    snprintf(proxy->server_path, sizeof proxy->server_path, "%s/.s.PGSQL.%s", PQhost(server),
        PQport(server));
    PQfinish(server);
}

static struct proxy *proxy_start(struct database *database) {
    struct proxy *proxy = calloc(1, sizeof *proxy);
    assert_non_null(proxy);
    find_server(database, proxy);
    snprintf(proxy->folder, sizeof proxy->folder, "/tmp/fenqi-proxy-XXXXXX");
    assert_non_null(mkdtemp(proxy->folder));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(
        proxy->socket_path, sizeof proxy->socket_path, "%s/.s.PGSQL.%d", proxy->folder, PROXY_PORT);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", proxy->socket_path);
    proxy->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(proxy->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(proxy->listener, 16), 0);
    assert_int_equal(pthread_create(&proxy->thread, NULL, proxy_main, proxy), 0);
    return proxy;
}

static void proxy_stop(struct proxy *proxy) {
    shutdown(proxy->listener, SHUT_RDWR);
    pthread_join(proxy->thread, NULL);
    while (atomic_load(&proxy->relays) > 0)
        usleep(1000);
    close(proxy->listener);
    unlink(proxy->socket_path);
    rmdir(proxy->folder);
    free(proxy);
}

/* One unit whose COMMIT is cut, then another: each must count once. */
static void cut_and_count(struct database *database, struct proxy *proxy, enum cut cut) {
    struct counter counter = {.name = "counter"};
    long long before = counter_value(database, "counter");
    int done = atomic_load(&proxy->cuts_done);
    atomic_store(&proxy->cut, cut);
    run_ok(database, add_one, &counter);
    assert_int_equal(atomic_load(&proxy->cuts_done), done + 1);
    assert_int_equal(counter_value(database, "counter"), before + 1);
    run_ok(database, add_one, &counter);
    assert_int_equal(counter_value(database, "counter"), before + 2);
}

static void test_a_commit_that_was_cut_off_counts_once(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    database_close(database);
    struct proxy *proxy = proxy_start(database);
    char url[1000];
    snprintf(url, sizeof url, "%s&host=%s&port=%d", database->url, proxy->folder, PROXY_PORT);
    struct store_options options = {.database = url, .committer_count = 1};
    database_open(database, &options);
    for (int round = 0; round < 3; round++) {
        cut_and_count(database, proxy, CUT_BEFORE);
        cut_and_count(database, proxy, CUT_AFTER);
    }
    assert_true(store_counters(database->store).retries >= 3);
    database_close(database);
    proxy_stop(proxy);
    database_destroy(database);
}

/*
 * After a crash the server may have given the number of our transaction to another one. The
 * statistics that start anew are how a crash shows that leaves the server where it was.
 */
static void test_committed_in_another_life_is_nobody_knows(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    struct database *database = database_create(NULL);
    database_close(database);
    struct proxy *proxy = proxy_start(database);
    char url[1000];
    snprintf(url, sizeof url, "%s&host=%s&port=%d", database->url, proxy->folder, PROXY_PORT);
    struct store_options options = {.database = url, .committer_count = 1};
    database_open(database, &options);
    cut_and_count(database, proxy, CUT_AFTER);
    database_number(
        database, "SELECT COUNT(*) FROM (SELECT pg_stat_reset_shared('bgwriter')) AS reset");
    struct counter counter = {.name = "counter"};
    struct fault fault;
    atomic_store(&proxy->cut, CUT_AFTER);
    assert_int_equal(run_for(database, add_one, &counter, &fault), STATUS_TIMEOUT);
    cut_and_count(database, proxy, CUT_BEFORE);
    cut_and_count(database, proxy, CUT_AFTER);
    database_close(database);
    proxy_stop(proxy);
    database_destroy(database);
}

static void count_answer(struct unit *unit) {
    atomic_int *by_status = unit->waiter;
    atomic_fetch_add(&by_status[unit->status], 1);
}

static void test_a_server_that_is_gone_is_said_soon_and_may_come_back(void **state) {
    (void)state;
    if (!database_is_postgres())
        skip();
    enum { UNITS = 100 };
    struct database *database = database_create(NULL);
    database_close(database);
    struct proxy *proxy = proxy_start(database);
    char url[1000];
    snprintf(url, sizeof url, "%s&host=%s&port=%d", database->url, proxy->folder, PROXY_PORT);
    struct store_options options = {.database = url, .committer_count = 1};
    database_open(database, &options);
    struct counter counter = {.name = "counter"};
    struct unit units[UNITS];
    atomic_int by_status[STATUS_COUNT] = {0};
    struct gate gate;
    gate_close(&gate, database->store, 7);
    for (int i = 0; i < UNITS; i++) {
        units[i] = (struct unit){.run = add_one,
            .context = &counter,
            .key = 7,
            .done = count_answer,
            .waiter = by_status};
        assert_int_equal(store_submit(database->store, &units[i]), STATUS_OK);
    }
    atomic_store(&proxy->refuses, true);
    atomic_store(&proxy->cut, CUT_BEFORE);
    time_t start = time(NULL);
    gate_open(&gate);
    while (atomic_load(&by_status[STATUS_UNAVAILABLE]) + atomic_load(&by_status[STATUS_TIMEOUT]) <
           UNITS)
        assert_true(time(NULL) - start < 30);
    assert_int_equal(atomic_load(&by_status[STATUS_OK]), 0);
    atomic_store(&proxy->refuses, false);
    run_ok(database, add_one, &counter);
    assert_int_equal(counter_value(database, "counter"), 1);
    database_close(database);
    proxy_stop(proxy);
    database_destroy(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_commit_that_was_cut_off_counts_once),
        cmocka_unit_test(test_committed_in_another_life_is_nobody_knows),
        cmocka_unit_test(test_a_server_that_is_gone_is_said_soon_and_may_come_back),
    };
    return cmocka_run_group_tests_name("conformance_lost_commit", tests, NULL, NULL);
}
