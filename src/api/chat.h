/*
 * chat.h: the route tables of help, notices and chat, and what the customer's and the staff's files
 * share. Exports: chat_routes, help_routes, notice_routes, staff_account_routes, staff_chat_routes,
 * write_chat_hours().
 */
#ifndef FENQI_API_CHAT_H
#define FENQI_API_CHAT_H

#include "api/api.h"
#include "service/chat.h"

extern const struct api_route chat_routes[];
extern const struct api_route help_routes[];
extern const struct api_route notice_routes[];
extern const struct api_route staff_account_routes[];
extern const struct api_route staff_chat_routes[];

/* The ChatHours of spec/openapi.yaml under `name`. */
void write_chat_hours(struct json *json, const char *name, struct instant now);

#endif
