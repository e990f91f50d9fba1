/* answer_postings.c: the books of a contract. Exports answer_postings(). */
#include "base/check.h"
#include "calc/case.h"
#include "calc/write.h"
#include "ledger/trial_balance.h"

static void add_entry(
    struct trial_balance *balance, const struct told_event *told, struct day day) {
    struct entry entry;
    entry_begin(&entry, 1, told->event.sequence, day);
    for (int32_t i = 0; i < told->movement_count; i++)
        entry_post(
            &entry, (enum posting_rule)told->movements[i].movement, told->movements[i].amount);
    trial_balance_add(balance, &entry);
}

static void write_accounts(struct json *json, const struct trial_balance *balance) {
    struct money debit = MONEY_ZERO;
    struct money credit = MONEY_ZERO;
    json_open(json, "accounts", '[');
    for (int a = 0; a < ACCOUNT_COUNT; a++) {
        if (money_is_zero(balance->debit[a]) && money_is_zero(balance->credit[a]))
            continue;
        const struct account_row *row = account_row((enum account)a);
        debit = money_add(debit, balance->debit[a]);
        credit = money_add(credit, balance->credit[a]);
        json_open(json, NULL, '{');
        json_string(json, "code", row->code);
        json_string(json, "zh", row->name_zh);
        json_string(json, "en", row->name_en);
        write_yuan(json, "debit", balance->debit[a]);
        write_yuan(json, "credit", balance->credit[a]);
        write_yuan(json, "net", trial_balance_net(balance, (enum account)a));
        json_close(json);
    }
    json_close(json);
    write_yuan(json, "debit", debit);
    write_yuan(json, "credit", credit);
    write_yuan(json, "trial_balance", money_subtract(debit, credit));
    check(trial_balance_is_even(balance));
}

bool answer_postings(struct calc_case *calc, const struct place *place,
    const struct json_value *question, struct json *json) {
    const struct json_value *ask;
    const struct param params[] = {{"ask", PARAM_ANY, &ask}};
    struct trial_balance balance = {0};
    if (!read_params(&calc->reader, place, question, params, 1))
        return false;
    json_open(json, "entries", '[');
    for (size_t i = 0; i < calc->told_count; i++) {
        const struct told_event *told = &calc->told[i];
        if (told->movement_count == 0)
            continue;
        add_entry(&balance, told, told->event.day);
        json_open(json, NULL, '{');
        json_integer(json, "sequence", told->event.sequence);
        json_string(json, "kind", contract_event_kind_name(told->event.kind));
        json_day(json, "day", told->event.day);
        write_movements(json, "postings", told->movements, told->movement_count);
        json_close(json);
    }
    json_close(json);
    write_accounts(json, &balance);
    return true;
}
