/*
 * cashier.h: the pages on which a person pays. Exports cashier_handle().
 *
 * Plain HTML without scripts, made for a phone: /cashier/h5 (H5 orders, ends with a redirect to the
 * merchant's redirect_url), /cashier/native (what the phone shows after scanning), /cashier/prepay
 * (JSAPI and App orders).
 */
#ifndef FENQI_SANDBOX_CASHIER_H
#define FENQI_SANDBOX_CASHIER_H

#include "sandbox/sandbox.h"

void cashier_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer);

/* "1,234.56" from fen. */
char *yuan_text(struct arena *arena, int64_t fen);

/* Writes a whole page around `content` (HTML). `language` is for the html element. */
void page_answer(
    struct answer *answer, struct arena *arena, const char *title, const char *content);

#endif
