/*
 * control.h: how tests and people steer the sandbox. Exports control_handle().
 *
 * GET /control is a page; GET /control/book, /control/sms, /control/faults and
 * /control/notifications are JSON; POSTs take a form and answer JSON, or go back to the page when
 * the form says `back=1`. The list stands in docs/channels/sandbox.md.
 */
#ifndef FENQI_SANDBOX_CONTROL_H
#define FENQI_SANDBOX_CONTROL_H

#include "sandbox/sandbox.h"

void control_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* The page. */
void control_page(struct sandbox *sandbox, const struct request *request, struct answer *answer);

#endif
