/* customer_position.c: what a customer owes. Exports what customer_position.h declares. */
#include "service/customer_position.h"

#include "engine/quote.h"
#include "service/apply_contract_event.h"

static void add_contract(struct customer_position *position, const struct live_contract *contract,
    const struct due_quote *quote) {
    position->owed_now = money_add(position->owed_now, quote->owed_now);
    position->overdue = money_add(position->overdue, quote->overdue);
    if (quote->days_overdue > position->days_overdue)
        position->days_overdue = quote->days_overdue;
    if (money_is_zero(quote->left))
        return;
    position->open_contracts++;
    if (day_is_none(quote->earliest_due_day))
        return;
    if (day_is_none(position->earliest_due_day) ||
        day_compare(quote->earliest_due_day, position->earliest_due_day) < 0) {
        position->earliest_due_day = quote->earliest_due_day;
        position->urgent_order_id = contract->stored->order_id;
    }
}

enum status load_customer_position(
    struct tx *tx, struct moment moment, int64_t customer_id, struct customer_position *position) {
    *position = (struct customer_position){.earliest_due_day = DAY_NONE};
    struct live_contract **contracts;
    size_t count;
    enum status status = load_contracts(tx, customer_id, &contracts, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        struct due_quote quote;
        quote_due(&contracts[i]->terms, &contracts[i]->state, moment.business_date, &quote);
        add_contract(position, contracts[i], &quote);
    }
    return status;
}
