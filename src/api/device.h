/*
 * device.h: what a session is called in the list of sessions. Exports: device_name(),
 * login_place_of().
 */
#ifndef FENQI_API_DEVICE_H
#define FENQI_API_DEVICE_H

#include "api/api.h"
#include "service/log_in.h"

/* "Chrome · Android", from a User-Agent header that may be NULL; a literal or in `arena`. */
const char *device_name(struct arena *arena, const char *user_agent);

/* Device and masked address of a call. */
struct login_place login_place_of(struct call *call);

#endif
