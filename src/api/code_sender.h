/*
 * code_sender.h: how a one-time code reaches a phone. Exports: struct code_sender, struct
 * demo_codes and its functions, demo_routes.
 *
 * The code is handed over after the commit and stands nowhere in clear. The demo's sender keeps the
 * latest ones in memory for a page of the same machine (GET /demo/codes); an operator's SMS gateway
 * is another implementation of the same two-line interface.
 */
#ifndef FENQI_API_CODE_SENDER_H
#define FENQI_API_CODE_SENDER_H

#include "api/api.h"

struct code_sender {
    /* Takes a copy of what it needs; must be quick (called on a loop). Thread-safe. */
    void (*send)(void *context, const char *phone, const char *purpose, const char *code,
        struct instant sent_at, struct instant expires_at);
    void *context;
};

struct demo_codes;
struct demo_codes *demo_codes_create(void);
void demo_codes_destroy(struct demo_codes *codes);
struct code_sender demo_codes_sender(struct demo_codes *codes);

extern const struct api_route demo_routes[];

#endif
