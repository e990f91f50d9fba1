/* notices.h: a message to a customer as JSON. Exports: notice_write(). */
#ifndef FENQI_API_NOTICES_H
#define FENQI_API_NOTICES_H

#include "base/json_write.h"
#include "store/notice.h"

/* A Notice. */
void notice_write(struct json *json, const struct notice *notice);

#endif
