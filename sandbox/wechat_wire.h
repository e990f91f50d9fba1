/* wechat_wire.h: the check of a merchant's signature. Exports wechat_verify(). */
#ifndef FENQI_SANDBOX_WECHAT_WIRE_H
#define FENQI_SANDBOX_WECHAT_WIRE_H

#include "sandbox/sandbox.h"

/*
 * Verifies the Authorization header over method, target, timestamp, nonce and body. NULL when it is
 * the merchant's and not older or newer than five minutes, otherwise the message for SIGN_ERROR.
 */
const char *wechat_verify(struct sandbox *sandbox, const struct request *request);

#endif
