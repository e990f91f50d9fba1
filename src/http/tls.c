/*
 * tls.c: TLS of the small install, by OpenSSL. Exports: tls_…() of internal.h.
 *
 * Sessions speak HTTP/1.1 only (ALPN); TLS 1.2 and later; the certificate file holds the whole
 * chain.
 */
#include "http/internal.h"

#include "base/check.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

/* The structs stand for OpenSSL's own, so that no other file sees its headers. */
#define CONTEXT(context) ((SSL_CTX *)(void *)(context))
#define SESSION(tls) ((SSL *)(void *)(tls))

static int choose_protocol(SSL *session, const unsigned char **out, unsigned char *out_length,
    const unsigned char *in, unsigned in_length, void *argument) {
    (void)session;
    (void)argument;
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen = NULL;
    int found = SSL_select_next_proto(&chosen, out_length, ours, sizeof ours - 1, in, in_length);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

enum status tls_context_create(const char *certificate_file, const char *key_file,
    struct tls_context **out, struct fault *fault) {
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (context == NULL)
        return fault_set(fault, STATUS_IO, "TLS: no context");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                  SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
    bool loaded = SSL_CTX_use_certificate_chain_file(context, certificate_file) == 1 &&
                  SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) == 1 &&
                  SSL_CTX_check_private_key(context) == 1;
    if (!loaded) {
        const char *reason = ERR_reason_error_string(ERR_peek_last_error());
        SSL_CTX_free(context);
        return fault_set(fault, STATUS_INVALID, "TLS certificate %s, key %s: %s", certificate_file,
            key_file, reason == NULL ? "cannot be used" : reason);
    }
    *out = (struct tls_context *)(void *)context;
    return STATUS_OK;
}

void tls_context_destroy(struct tls_context *context) {
    SSL_CTX_free(CONTEXT(context));
}

struct tls *tls_open(struct tls_context *context, int fd) {
    SSL *session = SSL_new(CONTEXT(context));
    check(session != NULL);
    check(SSL_set_fd(session, fd) == 1);
    SSL_set_accept_state(session);
    return (struct tls *)(void *)session;
}

void tls_close(struct tls *tls) {
    SSL_free(SESSION(tls));
}

void tls_shutdown(struct tls *tls) {
    ERR_clear_error();
    SSL_shutdown(SESSION(tls));
}

/* Turns an unfinished operation into recv/send terms. */
static ssize_t result(struct tls *tls, int returned) {
    int reason = SSL_get_error(SESSION(tls), returned);
    if (reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE) {
        errno = EAGAIN;
        return -1;
    }
    if (reason == SSL_ERROR_ZERO_RETURN)
        return 0;
    errno = EPROTO;
    return -1;
}

ssize_t tls_read(struct tls *tls, void *buffer, size_t size) {
    ERR_clear_error();
    size_t got = 0;
    int returned = SSL_read_ex(SESSION(tls), buffer, size, &got);
    return returned == 1 ? (ssize_t)got : result(tls, returned);
}

ssize_t tls_write(struct tls *tls, const void *buffer, size_t size) {
    ERR_clear_error();
    size_t sent = 0;
    int returned = SSL_write_ex(SESSION(tls), buffer, size, &sent);
    ssize_t n = returned == 1 ? (ssize_t)sent : result(tls, returned);
    if (n == 0) {
        errno = EPROTO;
        return -1;
    }
    return n;
}
