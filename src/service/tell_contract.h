/*
 * tell_contract.h: who is told when a contract closes. Exports: tell_contract().
 */
#ifndef FENQI_SERVICE_TELL_CONTRACT_H
#define FENQI_SERVICE_TELL_CONTRACT_H

#include "service/apply_contract_event.h"

/*
 * Looks at what an event changed: a contract that is settled now is told to the customer (notice)
 * and the shop (webhook), and what the customer asked for about it (an extension) is withdrawn.
 */
enum status tell_contract(struct tx *tx, struct moment moment, const struct live_contract *contract,
    const struct contract_update *update) FENQI_MUST_USE;

#endif
