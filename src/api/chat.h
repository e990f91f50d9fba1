/*
 * chat.h: what the customer's and the staff's side of chat and help share. Exports:
 * write_chat_hours().
 */
#ifndef FENQI_API_CHAT_H
#define FENQI_API_CHAT_H

#include "api/api.h"
#include "service/chat.h"

/* The ChatHours of spec/openapi.yaml under `name`. */
void write_chat_hours(struct json *json, const char *name, struct instant now);

#endif
