/*
 * client.c: one exchange over libcurl.
 */
#include "channel/client.h"

#include "base/builder.h"
#include "base/check.h"

#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

static pthread_once_t started = PTHREAD_ONCE_INIT;
static pthread_key_t handle_key;

static void forget_handle(void *handle) {
    curl_easy_cleanup(handle);
}

static void start_once(void) {
    check(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
    check(pthread_key_create(&handle_key, forget_handle) == 0);
}

void client_start(void) {
    check(pthread_once(&started, start_once) == 0);
}

/* The thread's handle: made at the first call, closed with the thread. */
static CURL *handle_of_thread(void) {
    client_start();
    CURL *handle = pthread_getspecific(handle_key);
    if (!handle) {
        handle = curl_easy_init();
        check(handle);
        check(pthread_setspecific(handle_key, handle) == 0);
    }
    curl_easy_reset(handle); /* keeps the live connections */
    return handle;
}

struct receiver {
    struct arena *arena;
    struct reply *reply;
    struct builder body;
    bool too_big;
};

static size_t take_body(char *at, size_t size, size_t count, void *context) {
    struct receiver *receiver = context;
    size_t length = size * count;
    if (receiver->body.length + length > REPLY_BODY_MAX) {
        receiver->too_big = true;
        return 0;
    }
    builder_add_n(&receiver->body, at, length);
    return length;
}

static size_t take_header(char *at, size_t size, size_t count, void *context) {
    struct receiver *receiver = context;
    struct reply *reply = receiver->reply;
    size_t length = size * count, end = length;
    if (length >= 5 && memcmp(at, "HTTP/", 5) == 0)
        reply->header_count = 0; /* "100 Continue" came before */
    char *colon = memchr(at, ':', length);
    if (!colon || reply->header_count == REPLY_HEADERS_MAX)
        return length;
    size_t name_length = (size_t)(colon - at), from = name_length + 1;
    while (from < end && (at[from] == ' ' || at[from] == '\t'))
        from++;
    while (end > from && (at[end - 1] == '\r' || at[end - 1] == '\n' || at[end - 1] == ' '))
        end--;
    reply->headers[reply->header_count++] = (struct channel_header){
        arena_text_n(receiver->arena, at, name_length),
        arena_text_n(receiver->arena, at + from, end - from),
    };
    return length;
}

static struct curl_slist *headers_of(struct arena *arena, const struct exchange *exchange) {
    struct curl_slist *list = NULL;
    for (size_t i = 0; i < exchange->header_count; i++) {
        struct curl_slist *longer = curl_slist_append(list,
            arena_printf(arena, "%s: %s", exchange->headers[i].name, exchange->headers[i].value));
        check(longer);
        list = longer;
    }
    struct curl_slist *longer = curl_slist_append(list, "Expect:");
    check(longer);
    return longer;
}

static void set_up(CURL *handle, const struct client_options *options,
    const struct exchange *exchange, struct curl_slist *headers, struct receiver *receiver) {
    curl_easy_setopt(handle, CURLOPT_URL, exchange->url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, (long)options->answer_timeout_ms);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, receiver);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, receiver);
    if (strcmp(exchange->method, "POST") == 0) {
        /* libcurl repeats a request by itself when a reused connection closes without an answer;
         * what may have moved money is sent once. */
        curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)exchange->body.length);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS,
            exchange->body.length ? (const void *)exchange->body.at : "");
    }
}

/*
 * Whether a failed call surely sent nothing. Only failures before a connection stood count: a kept
 * connection that broke may have carried the request.
 */
static bool surely_not_sent(CURL *handle, CURLcode code) {
    long connections = 0;
    curl_off_t sent = 0;
    curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &connections);
    curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &sent);
    return sent == 0 &&
           (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
               code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION);
}

void client_perform(struct arena *arena, const struct client_options *options,
    const struct exchange *exchange, struct reply *reply) {
    *reply = (struct reply){.kind = REPLY_LOST};
    CURL *handle = handle_of_thread();
    struct receiver receiver = {arena, reply, builder_start(arena, 4096), false};
    struct curl_slist *headers = headers_of(arena, exchange);
    set_up(handle, options, exchange, headers, &receiver);
    CURLcode code = curl_easy_perform(handle);
    if (code == CURLE_OK) {
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        reply->kind = REPLY_ANSWERED;
        reply->http_status = (int)status;
        reply->body = builder_bytes(&receiver.body);
    } else if (surely_not_sent(handle, code)) {
        reply->kind = REPLY_NOT_SENT;
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
}
