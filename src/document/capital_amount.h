/*
 * capital_amount.h: an amount in Chinese capitals, as receipts must carry it. Exports
 * capital_amount().
 */
#ifndef FENQI_DOCUMENT_CAPITAL_AMOUNT_H
#define FENQI_DOCUMENT_CAPITAL_AMOUNT_H

#include "base/arena.h"
#include "base/money.h"

/*
 * 888.49 → 人民币捌佰捌拾捌元肆角玖分. `amount` must not be negative. Rules:
 * 正确填写票据和结算凭证的 基本规定 (annex 1 of 支付结算办法); where it allows a 零 to be left out,
 * it is left out.
 */
char *capital_amount(struct arena *arena, struct money amount);

#endif
