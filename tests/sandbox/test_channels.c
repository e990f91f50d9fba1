/*
 * test_channels.c: Fenqi's channels against the sandbox, over sockets: two implementations of the
 * providers' protocols that share no code must understand each other, and every planned trouble
 * must come out as the state that it is (an unclear one never as a failure).
 *
 * Runs the program named by SANDBOX in a folder of its own and takes its notifications.
 */
#include "../unit/cmocka_include.h"

#include "base/builder.h"
#include "base/check.h"
#include "channel/channel.h"
#include "channel/client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOTICES_MAX = 64, NOTICE_SIZE = 16384 };

/* What came to the notification address. */
struct received {
    char text[NOTICE_SIZE]; /* request line, headers, body */
    size_t length;
};

static struct {
    char folder[64];
    char url[64];
    pid_t sandbox;
    int listener;
    uint16_t port;
    pthread_t thread;
    pthread_mutex_t lock;
    size_t count;
    struct received notices[NOTICES_MAX];
    struct channels *channels;
    struct arena *arena;
    int number;
} world;

static struct instant now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (struct instant){(int64_t)time.tv_sec * US_PER_SECOND + time.tv_nsec / 1000};
}

static void pause_ms(long ms) {
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* Reads one HTTP request with a Content-Length into `out`. */
static void read_notice(int connection, struct received *out) {
    size_t wanted = SIZE_MAX;
    out->length = 0;
    while (out->length < wanted && out->length < NOTICE_SIZE - 1) {
        ssize_t got = read(connection, out->text + out->length, NOTICE_SIZE - 1 - out->length);
        if (got <= 0)
            return;
        out->length += (size_t)got;
        out->text[out->length] = '\0';
        char *end = strstr(out->text, "\r\n\r\n");
        char *length = strcasestr(out->text, "\r\nContent-Length:");
        if (end != NULL && length != NULL)
            wanted = (size_t)(end + 4 - out->text) + strtoul(length + 17, NULL, 10);
    }
}

/* Takes notifications until the listener is closed. */
static void *take_notices(void *unused) {
    (void)unused;
    int connection;
    while ((connection = accept(world.listener, NULL, NULL)) >= 0) {
        static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                                     "Connection: close\r\n\r\nOK";
        struct received received;
        read_notice(connection, &received);
        pthread_mutex_lock(&world.lock);
        if (world.count < NOTICES_MAX)
            world.notices[world.count++] = received;
        pthread_mutex_unlock(&world.lock);
        if (write(connection, answer, sizeof answer - 1) < 0)
            perror("answering a notification");
        close(connection);
    }
    return NULL;
}

static void start_listener(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    world.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    check(world.listener >= 0);
    check(bind(world.listener, (struct sockaddr *)&address, sizeof address) == 0);
    check(listen(world.listener, 16) == 0);
    check(getsockname(world.listener, (struct sockaddr *)&address, &length) == 0);
    world.port = ntohs(address.sin_port);
    pthread_mutex_init(&world.lock, NULL);
    check(pthread_create(&world.thread, NULL, take_notices, NULL) == 0);
}

static void start_sandbox(void) {
    int pipes[2];
    snprintf(world.folder, sizeof world.folder, "/tmp/fenqi-channels-XXXXXX");
    check(mkdtemp(world.folder) != NULL && pipe(pipes) == 0);
    world.sandbox = fork();
    check(world.sandbox >= 0);
    if (world.sandbox == 0) {
        dup2(pipes[1], STDOUT_FILENO);
        execl(getenv("SANDBOX"), "fenqi-sandbox", "--data", world.folder, "--port", "0", NULL);
        _exit(127);
    }
    close(pipes[1]);
    FILE *output = fdopen(pipes[0], "r");
    char line[128] = "";
    check(output != NULL && fgets(line, sizeof line, output) != NULL);
    check(sscanf(line, "listening %63s", world.url) == 1);
    fclose(output);
}

static int set_up(void **state) {
    (void)state;
    struct fault fault;
    char path[128];
    char notify[64];
    world.arena = arena_create(1 << 16);
    start_listener();
    start_sandbox();
    snprintf(path, sizeof path, "%s/merchant/channels.json", world.folder);
    snprintf(notify, sizeof notify, "http://127.0.0.1:%u", (unsigned)world.port);
    client_start();
    struct channels_options options = {.path = path,
        .mode = CHANNEL_MODE_TEST,
        .notify_base_url = notify,
        .connect_timeout_ms = 2000,
        .answer_timeout_ms = 1500};
    if (channels_open(&options, &world.channels, &fault) != STATUS_OK) {
        fprintf(stderr, "%s\n", fault.text);
        return -1;
    }
    channels_refresh(world.channels, world.arena, now());
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk) {
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

static int tear_down(void **state) {
    (void)state;
    int status = 0;
    channels_close(world.channels);
    kill(world.sandbox, SIGTERM);
    waitpid(world.sandbox, &status, 0);
    shutdown(world.listener, SHUT_RDWR);
    pthread_join(world.thread, NULL);
    close(world.listener);
    arena_destroy(world.arena);
    int removed = nftw(world.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return removed == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

static size_t drop_answer(char *data, size_t size, size_t count, void *unused) {
    (void)data;
    (void)unused;
    return size * count;
}

/* POSTs a form to the sandbox's control interface. */
static void control(const char *path, const char *form) {
    char url[256];
    long status = 0;
    CURL *curl = curl_easy_init();
    check(curl != NULL);
    snprintf(url, sizeof url, "%s/control/%s", world.url, path);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_answer);
    assert_int_equal(curl_easy_perform(curl), CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    assert_int_equal(status, 200);
}

static const char *next_number(void) {
    return arena_printf(world.arena, "P%026d7", ++world.number);
}

static struct channel_answer perform(struct channel_request request) {
    struct channel_answer answer;
    struct fault fault;
    request.mode = CHANNEL_MODE_TEST;
    request.number_at = now();
    request.expires_at = instant_add_seconds(now(), 600);
    request.customer_ref = "10001";
    request.customer_ip = "127.0.0.1";
    request.description = "分期还款";
    if (channel_perform(world.channels, world.arena, &request, now(), &answer, &fault) != STATUS_OK)
        fail_msg("%s", fault.text);
    return answer;
}

static const char *bind_card(const char *card_number) {
    struct channel_answer started = perform((struct channel_request){.kind = CHANNEL_CARD,
        .operation = CHANNEL_BIND_START,
        .number = next_number(),
        .card_number = card_number,
        .holder_name = "测试甲",
        .identity_number = "110101199003077651",
        .phone = "13800138000"});
    assert_int_equal(started.state, CHANNEL_ACCEPTED);
    struct channel_answer wrong = perform((struct channel_request){.kind = CHANNEL_CARD,
        .operation = CHANNEL_BIND_CONFIRM,
        .number = next_number(),
        .bind_ref = started.bind_ref,
        .sms_code = "000000"});
    assert_int_equal(wrong.state, CHANNEL_FAILED);
    assert_int_equal(wrong.failure, CHANNEL_FAILURE_CODE_WRONG);
    struct channel_answer bound = perform((struct channel_request){.kind = CHANNEL_CARD,
        .operation = CHANNEL_BIND_CONFIRM,
        .number = next_number(),
        .bind_ref = started.bind_ref,
        .sms_code = "123456"});
    assert_int_equal(bound.state, CHANNEL_SUCCEEDED);
    assert_true(bound.protocol_no[0] != '\0');
    return bound.protocol_no;
}

static struct channel_answer debit(const char *number, const char *protocol_no, int64_t fen) {
    return perform((struct channel_request){.kind = CHANNEL_CARD,
        .operation = CHANNEL_DEBIT,
        .number = number,
        .protocol_no = protocol_no,
        .amount = {fen}});
}

static struct channel_answer ask(enum channel_kind kind, const char *number) {
    return perform(
        (struct channel_request){.kind = kind, .operation = CHANNEL_QUERY, .number = number});
}

static struct channel_answer order(
    enum channel_operation operation, const char *number, int64_t fen) {
    return perform((struct channel_request){.kind = CHANNEL_WECHAT,
        .operation = operation,
        .number = number,
        .amount = {fen},
        .return_url = "http://127.0.0.1:9/pay/return"});
}

static void test_card(void **state) {
    (void)state;
    const char *protocol_no = bind_card("6299990000000009");
    const char *number = next_number();
    struct channel_answer paid = debit(number, protocol_no, 88849);
    assert_int_equal(paid.state, CHANNEL_SUCCEEDED);
    assert_int_equal(paid.amount.fen, 88849);
    assert_true(paid.transaction_id[0] != '\0');
    /* "Paid already" is not taken for the truth but asked about. */
    struct channel_answer again = debit(number, protocol_no, 88849);
    assert_true(again.state == CHANNEL_UNKNOWN || again.state == CHANNEL_SUCCEEDED);
    struct channel_answer asked = ask(CHANNEL_CARD, number);
    assert_int_equal(asked.state, CHANNEL_SUCCEEDED);
    assert_int_equal(asked.amount.fen, 88849);
    assert_int_equal(ask(CHANNEL_CARD, next_number()).state, CHANNEL_ABSENT);
    const char *refund_number = next_number();
    struct channel_request refund = {.kind = CHANNEL_CARD,
        .operation = CHANNEL_REFUND,
        .number = refund_number,
        .original_number = number,
        .amount = {849},
        .original_amount = {88849}};
    struct channel_answer refunded = perform(refund);
    assert_true(refunded.state == CHANNEL_PROCESSING || refunded.state == CHANNEL_ACCEPTED);
    pause_ms(300);
    refund.operation = CHANNEL_REFUND_QUERY;
    refunded = perform(refund);
    assert_int_equal(refunded.state, CHANNEL_SUCCEEDED);
    assert_int_equal(refunded.amount.fen, 849);
    struct channel_request agreement = {.kind = CHANNEL_CARD,
        .operation = CHANNEL_BIND_QUERY,
        .number = next_number(),
        .card_number = "6299990000000009"};
    assert_int_equal(perform(agreement).state, CHANNEL_SUCCEEDED);
    agreement.operation = CHANNEL_UNBIND;
    agreement.protocol_no = protocol_no;
    assert_int_equal(perform(agreement).state, CHANNEL_SUCCEEDED);
    struct channel_answer gone = debit(next_number(), protocol_no, 100);
    assert_int_equal(gone.state, CHANNEL_FAILED);
    assert_int_equal(gone.failure, CHANNEL_FAILURE_MANDATE_GONE);
}

static void test_card_failures(void **state) {
    (void)state;
    static const struct {
        const char *card;
        enum channel_failure failure;
    } cases[] = {
        {"6299990000010008", CHANNEL_FAILURE_NO_MONEY},
        {"6299990000020007", CHANNEL_FAILURE_CARD_DEAD},
        {"6299990000060003", CHANNEL_FAILURE_LIMIT},
        {"6299990000070002", CHANNEL_FAILURE_CARD_DEAD},
        {"6299990000100007", CHANNEL_FAILURE_CARD_DEAD},
        {"6299990000120005", CHANNEL_FAILURE_LIMIT},
        {"6299990000140003", CHANNEL_FAILURE_MANDATE_GONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *number = next_number();
        struct channel_answer answer = debit(number, bind_card(cases[i].card), 200000);
        assert_int_equal(answer.state, CHANNEL_FAILED);
        assert_int_equal(answer.failure, cases[i].failure);
        assert_int_equal(ask(CHANNEL_CARD, number).failure, cases[i].failure);
    }
    struct channel_answer refused = perform((struct channel_request){.kind = CHANNEL_CARD,
        .operation = CHANNEL_BIND_START,
        .number = next_number(),
        .card_number = "6299990000080001",
        .holder_name = "测试乙",
        .identity_number = "110101199003077651",
        .phone = "13800138000"});
    assert_int_equal(refused.state, CHANNEL_FAILED);
    assert_int_equal(refused.failure, CHANNEL_FAILURE_IDENTITY);
}

/* Whatever happens to the bytes on the way, a debit is unclear, and the query tells the truth. */
static void test_card_troubles(void **state) {
    (void)state;
    static const struct {
        const char *form;
        bool moved;
    } cases[] = {
        {"operation=pay&kind=timeout_before", false},
        {"operation=pay&kind=timeout_after", true},
        {"operation=pay&kind=error_before", false},
        {"operation=pay&kind=error_after", true},
        {"operation=pay&kind=answer_forged", true},
    };
    const char *protocol_no = bind_card("6299990000000009");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *number = next_number();
        control("faults", cases[i].form);
        struct channel_answer answer = debit(number, protocol_no, 100);
        if (answer.state != CHANNEL_UNKNOWN)
            fail_msg("%s: state %d", cases[i].form, (int)answer.state);
        answer = ask(CHANNEL_CARD, number);
        assert_int_equal(answer.state, cases[i].moved ? CHANNEL_SUCCEEDED : CHANNEL_ABSENT);
    }
    /*
     * A connection that was used before and is closed without an answer: libcurl sends the same
     * bytes once more by itself, so the answer may also be that of the second sending.
     */
    static const char *const resets[] = {
        "operation=pay&kind=reset_before", "operation=pay&kind=reset_after"};
    for (size_t i = 0; i < 2; i++) {
        const char *reset = next_number();
        control("faults", resets[i]);
        struct channel_answer first = debit(reset, protocol_no, 100);
        assert_true(first.state == CHANNEL_UNKNOWN || first.state == CHANNEL_SUCCEEDED);
        struct channel_answer truth = ask(CHANNEL_CARD, reset);
        if (first.state == CHANNEL_SUCCEEDED || i == 1)
            assert_int_equal(truth.state, CHANNEL_SUCCEEDED);
    }
    const char *number = next_number();
    control("faults", "kind=unknown&outcome=fail&delay_ms=400");
    struct channel_answer answer = debit(number, protocol_no, 100);
    assert_true(answer.state == CHANNEL_PROCESSING || answer.state == CHANNEL_UNKNOWN);
    control("faults", "kind=query_failed");
    answer = ask(CHANNEL_CARD, number);
    assert_true(answer.state == CHANNEL_PROCESSING || answer.state == CHANNEL_UNKNOWN);
    pause_ms(500);
    assert_int_equal(ask(CHANNEL_CARD, number).state, CHANNEL_FAILED);
}

static void test_wechat(void **state) {
    (void)state;
    const char *number = next_number();
    struct channel_answer native = order(CHANNEL_ORDER_NATIVE, number, 88849);
    assert_int_equal(native.state, CHANNEL_ACCEPTED);
    assert_memory_equal(native.action_url, "weixin://wxpay/bizpayurl?pr=", 28);
    struct channel_answer waiting = ask(CHANNEL_WECHAT, number);
    assert_true(waiting.state == CHANNEL_ACCEPTED || waiting.state == CHANNEL_PROCESSING);
    control(arena_printf(world.arena, "trades/%s/pay", number), "x=1");
    struct channel_answer paid = ask(CHANNEL_WECHAT, number);
    assert_int_equal(paid.state, CHANNEL_SUCCEEDED);
    assert_int_equal(paid.amount.fen, 88849);
    struct channel_request refund = {.kind = CHANNEL_WECHAT,
        .operation = CHANNEL_REFUND,
        .number = next_number(),
        .original_number = number,
        .amount = {849},
        .original_amount = {88849}};
    struct channel_answer refunded = perform(refund);
    assert_true(refunded.state == CHANNEL_PROCESSING || refunded.state == CHANNEL_ACCEPTED);
    pause_ms(300);
    refund.operation = CHANNEL_REFUND_QUERY;
    assert_int_equal(perform(refund).state, CHANNEL_SUCCEEDED);
    assert_int_equal(ask(CHANNEL_WECHAT, number).state, CHANNEL_SUCCEEDED);
    const char *closed = next_number();
    struct channel_answer h5 = order(CHANNEL_ORDER_H5, closed, 100);
    assert_int_equal(h5.state, CHANNEL_ACCEPTED);
    assert_non_null(strstr(h5.action_url, "/cashier/h5?prepay_id="));
    struct channel_request close_it = {
        .kind = CHANNEL_WECHAT, .operation = CHANNEL_CLOSE, .number = closed};
    struct channel_answer ended = perform(close_it);
    assert_true(ended.state == CHANNEL_SUCCEEDED || ended.state == CHANNEL_FAILED);
    assert_int_equal(ask(CHANNEL_WECHAT, closed).state, CHANNEL_FAILED);
    assert_int_equal(ask(CHANNEL_WECHAT, next_number()).state, CHANNEL_ABSENT);
}

static void test_wechat_troubles(void **state) {
    (void)state;
    static const char *const forms[] = {"operation=order&kind=timeout_after",
        "operation=order&kind=error_before", "operation=order&kind=error_after",
        "operation=order&kind=answer_forged"};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const char *number = next_number();
        control("faults", forms[i]);
        struct channel_answer answer = order(CHANNEL_ORDER_NATIVE, number, 100);
        if (answer.state != CHANNEL_UNKNOWN)
            fail_msg("%s: state %d", forms[i], (int)answer.state);
    }
    const char *number = next_number();
    assert_int_equal(order(CHANNEL_ORDER_NATIVE, number, 100).state, CHANNEL_ACCEPTED);
    control("faults", "operation=query&kind=answer_forged");
    assert_int_equal(ask(CHANNEL_WECHAT, number).state, CHANNEL_UNKNOWN);
    control("faults", "kind=query_failed");
    assert_int_equal(ask(CHANNEL_WECHAT, number).state, CHANNEL_UNKNOWN);
}

/* Waits for `count` notifications since `from`, reads number `from` + `index`. */
static struct channel_notice notice(
    enum channel_kind kind, size_t from, size_t count, size_t index) {
    static struct received copy;
    for (int i = 0; i < 400; i++) {
        pthread_mutex_lock(&world.lock);
        bool there = world.count >= from + count;
        if (there)
            copy = world.notices[from + index];
        pthread_mutex_unlock(&world.lock);
        if (there)
            break;
        if (i == 399)
            fail_msg("no notification");
        pause_ms(20);
    }
    struct channel_header headers[32];
    size_t header_count = 0;
    char *end = strstr(copy.text, "\r\n\r\n");
    assert_non_null(end);
    struct bytes body = {(const uint8_t *)end + 4, copy.length - (size_t)(end + 4 - copy.text)};
    *end = '\0';
    char *save = NULL;
    char *line = strtok_r(copy.text, "\r\n", &save);
    while ((line = strtok_r(NULL, "\r\n", &save)) != NULL && header_count < 32) {
        char *colon = strstr(line, ": ");
        assert_non_null(colon);
        *colon = '\0';
        headers[header_count++] = (struct channel_header){line, colon + 2};
    }
    struct channel_raw_notice raw = {
        kind, headers, header_count, arena_bytes(world.arena, body), ""};
    struct channel_notice read;
    channel_read_notice(world.channels, world.arena, &raw, now(), &read);
    return read;
}

static size_t seen(void) {
    pthread_mutex_lock(&world.lock);
    size_t count = world.count;
    pthread_mutex_unlock(&world.lock);
    return count;
}

static void quiet(void) {
    size_t before;
    do {
        before = seen();
        pause_ms(250);
    } while (seen() != before);
}

struct forgery {
    const char *form;
    enum channel_notice_verdict verdict;
};

static void check_notices(enum channel_kind kind, const struct forgery *forgeries, size_t count,
    const char *protocol_no) {
    for (size_t i = 0; i < count; i++) {
        const char *number = next_number();
        bool forged = forgeries[i].form != NULL;
        quiet();
        size_t from = seen();
        if (forged)
            control("faults", forgeries[i].form);
        if (kind == CHANNEL_CARD) {
            assert_int_equal(debit(number, protocol_no, 4242).state, CHANNEL_SUCCEEDED);
        } else {
            assert_int_equal(order(CHANNEL_ORDER_NATIVE, number, 4242).state, CHANNEL_ACCEPTED);
            control(arena_printf(world.arena, "trades/%s/pay", number), "x=1");
        }
        size_t expected = forged ? 2 : 1;
        struct channel_notice last = notice(kind, from, expected, expected - 1);
        assert_int_equal(last.verdict, CHANNEL_NOTICE_PAYMENT);
        assert_string_equal(last.number, number);
        assert_int_equal(last.answer.state, CHANNEL_SUCCEEDED);
        assert_int_equal(last.answer.amount.fen, 4242);
        if (!forged)
            continue;
        struct channel_notice first = notice(kind, from, expected, 0);
        if (first.verdict != forgeries[i].verdict)
            fail_msg("%s: verdict %d", forgeries[i].form, (int)first.verdict);
        /* Correctly signed with another amount: read as it is, for the service to refuse. */
        if (first.verdict == CHANNEL_NOTICE_PAYMENT)
            assert_int_not_equal(first.answer.amount.fen, 4242);
    }
}

static void test_wechat_notices(void **state) {
    (void)state;
    static const struct forgery forgeries[] = {
        {NULL, CHANNEL_NOTICE_PAYMENT},
        {"kind=notify_forged_signature", CHANNEL_NOTICE_FORGED},
        {"kind=notify_stale", CHANNEL_NOTICE_STALE},
        {"kind=notify_forged_merchant", CHANNEL_NOTICE_MISDIRECTED},
        {"kind=notify_forged_amount", CHANNEL_NOTICE_PAYMENT},
        {"kind=notify_truncated", CHANNEL_NOTICE_FORGED},
    };
    check_notices(CHANNEL_WECHAT, forgeries, sizeof forgeries / sizeof forgeries[0], NULL);
}

static void test_card_notices(void **state) {
    (void)state;
    static const struct forgery forgeries[] = {
        {NULL, CHANNEL_NOTICE_PAYMENT},
        {"kind=notify_forged_signature", CHANNEL_NOTICE_FORGED},
        {"kind=notify_forged_merchant", CHANNEL_NOTICE_MISDIRECTED},
        {"kind=notify_forged_amount", CHANNEL_NOTICE_PAYMENT},
    };
    check_notices(CHANNEL_CARD, forgeries, sizeof forgeries / sizeof forgeries[0],
        bind_card("6299990000000009"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_card),
        cmocka_unit_test(test_card_failures),
        cmocka_unit_test(test_card_troubles),
        cmocka_unit_test(test_wechat),
        cmocka_unit_test(test_wechat_troubles),
        cmocka_unit_test(test_wechat_notices),
        cmocka_unit_test(test_card_notices),
    };
    return cmocka_run_group_tests_name("sandbox_channels", tests, set_up, tear_down);
}
