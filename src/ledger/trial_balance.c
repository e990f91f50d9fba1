/* trial_balance.c: sums over entries. Exports what trial_balance.h declares. */
#include "ledger/trial_balance.h"

#include "base/check.h"

void trial_balance_add_sums(
    struct trial_balance *balance, enum account account, struct money debit, struct money credit) {
    check((unsigned)account < ACCOUNT_COUNT);
    balance->debit[account] = money_add(balance->debit[account], debit);
    balance->credit[account] = money_add(balance->credit[account], credit);
}

void trial_balance_add(struct trial_balance *balance, const struct entry *entry) {
    check(entry_balanced(entry));
    for (int32_t i = 0; i < entry->line_count; i++) {
        const struct entry_line *line = &entry->lines[i];
        if (line->side == SIDE_DEBIT)
            trial_balance_add_sums(balance, line->account, line->amount, MONEY_ZERO);
        else
            trial_balance_add_sums(balance, line->account, MONEY_ZERO, line->amount);
    }
}

bool trial_balance_is_even(const struct trial_balance *balance) {
    int128 sum = 0;
    for (int i = 0; i < ACCOUNT_COUNT; i++)
        sum += (int128)balance->debit[i].fen - balance->credit[i].fen;
    return sum == 0;
}

struct money trial_balance_net(const struct trial_balance *balance, enum account account) {
    check((unsigned)account < ACCOUNT_COUNT);
    return money_subtract(balance->debit[account], balance->credit[account]);
}
