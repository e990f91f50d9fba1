/* write.c: the pieces of an answer. Exports what write.h declares. */
#include "calc/write.h"

#include "base/check.h"
#include "calc/fields_json.h"
#include "ledger/posting.h"

const char *const contract_status_names[CONTRACT_STATUS_COUNT] = {
    "new", "active", "settled", "refunded", "written_off", "sold"};
const char *const instalment_state_names[INSTALMENT_STATE_COUNT] = {
    "upcoming", "due", "overdue", "settled", "refunded"};
const char *const instalment_kind_names[INSTALMENT_KIND_COUNT] = {
    "regular", "down_payment", "up_front", "prepayment", "replaced", "added"};
const char *const crossing_kind_names[CROSSING_KIND_COUNT] = {"contract_activated",
    "instalment_due", "instalment_overdue", "instalment_settled", "instalment_reopened",
    "bucket_changed", "contract_settled", "contract_refunded", "contract_written_off",
    "contract_sold", "contract_reopened"};
const char *const component_words[COMPONENT_COUNT] = {"penalty", "fee", "interest", "principal"};

void write_yuan(struct json *json, const char *name, struct money amount) {
    char text[MONEY_TEXT_SIZE];
    json_string(json, name, money_to_yuan(amount, text));
}

void write_rate(struct json *json, const char *name, struct rate rate) {
    char text[RATE_TEXT_SIZE];
    json_string(json, name, rate_to_percent(rate, text));
}

void write_components(struct json *json, const char *name, const struct money parts[]) {
    json_open(json, name, '{');
    for (int c = COMPONENT_COUNT - 1; c >= 0; c--)
        write_yuan(json, component_words[c], parts[c]);
    json_close(json);
}

void write_refusal(
    struct json *json, const char *path, const char *code, const char *zh, const char *en) {
    json_open(json, "refused", '{');
    if (path != NULL)
        json_string(json, "path", path);
    json_string(json, "code", code);
    json_string(json, "zh", zh);
    json_string(json, "en", en);
    json_close(json);
}

void write_movements(
    struct json *json, const char *name, const struct movement_line *lines, int32_t count) {
    json_open(json, name, '[');
    for (int32_t i = 0; i < count; i++) {
        const struct posting_row *row = posting_row((enum posting_rule)lines[i].movement);
        bool back = money_is_negative(lines[i].amount);
        json_open(json, NULL, '{');
        json_string(json, "movement", row->name);
        json_string(json, "debit", account_row(back ? row->credit : row->debit)->code);
        json_string(json, "credit", account_row(back ? row->debit : row->credit)->code);
        write_yuan(json, "amount", back ? money_negate(lines[i].amount) : lines[i].amount);
        json_close(json);
    }
    json_close(json);
}
