/* card.c: the acquirer's front: dispatch, binding, agreements, SMS. Exports part of card.h. */
#include "sandbox/card.h"

#include "sandbox/test_cards.h"

#include <string.h>

enum { ACCOUNT_PARTS = 6 };

static const struct {
    const char *txn_type;
    const char *operation;
    void (*handler)(struct card_call *call);
} table[] = {
    {"01", "prebind", card_prebind},
    {"02", "bind", card_bind},
    {"03", "bind_query", card_bind_query},
    {"04", "unbind", card_unbind},
    {"05", "prepay", card_prepay},
    {"06", "confirm", card_confirm},
    {"07", "query", card_query},
    {"08", "pay", card_pay},
};

const char *card_operation(const struct request *request) {
    struct fields form;
    if (!fields_read(request->arena, request->body, true, &form))
        return "other";
    if (strcmp(fields_text(&form, "txn_type"), "331") == 0)
        return strcmp(fields_text(&form, "txn_sub_type"), "09") == 0 ? "refund" : "refund_query";
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(fields_text(&form, "txn_type"), table[i].txn_type) == 0)
            return table[i].operation;
    }
    return "other";
}

void card_handle(struct sandbox *sandbox, const struct request *request, struct answer *answer) {
    struct card_call *call = ARENA_NEW(request->arena, struct card_call);
    call->sandbox = sandbox;
    call->request = request;
    call->arena = request->arena;
    if (card_read(call)) {
        void (*handler)(struct card_call *) = NULL;
        for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
            if (strcmp(fields_text(&call->in, "txn_type"), table[i].txn_type) == 0)
                handler = table[i].handler;
        }
        if (handler == NULL)
            card_result(call, "F", "BF00436");
        else
            handler(call);
    }
    card_write(call, answer);
}

const char *card_send_sms(struct sandbox *sandbox, struct arena *arena, struct instant now,
    const char *mobile, const char *purpose) {
    uint32_t number;
    random_fill(&number, sizeof number);
    /* 000000 and 000001 mean something else here. */
    char *code = arena_printf(arena, "%06u", 100000 + number % 900000);
    book_run(sandbox->book,
        "INSERT INTO sms(mobile, code, purpose, created_us) VALUES (?1,?2,?3,?4)", "ttti", mobile,
        code, purpose, now.us);
    return code;
}

const char *card_sms_code(const char *code) {
    if (code == NULL || strlen(code) != 6 || strspn(code, "0123456789") != 6 ||
        strcmp(code, "000000") == 0)
        return "BF00105";
    return strcmp(code, "000001") == 0 ? "BF00106" : "0000";
}

/* Splits `card|name|id|mobile|cvv|yymm` in place; missing tails are "". */
static void split(char *text, char *parts[ACCOUNT_PARTS]) {
    for (int i = 0; i < ACCOUNT_PARTS; i++) {
        parts[i] = text;
        size_t length = strcspn(text, "|");
        text += length;
        if (*text == '|')
            *text++ = '\0';
    }
}

/* Identity number of GB 11643: 17 digits and a check character. */
static bool identity_valid(const char *text) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    int sum = 0;
    if (strlen(text) != 18 || strspn(text, "0123456789") < 17)
        return false;
    for (int i = 0; i < 17; i++)
        sum += (text[i] - '0') * weights[i];
    char last = text[17] == 'x' ? 'X' : text[17];
    return last == checks[sum % 11];
}

static const char *account_complaint(char *const parts[ACCOUNT_PARTS]) {
    if (!card_number_valid(parts[0]))
        return "BF00182";
    if (parts[1][0] == '\0')
        return "BF00101";
    if (!identity_valid(parts[2]))
        return "BF00321";
    if (strlen(parts[3]) != 11 || parts[3][0] != '1' || strspn(parts[3], "0123456789") != 11)
        return "BF00258";
    const char *code = test_card_of(parts[0])->bind_code;
    return code[0] == '\0' ? NULL : code;
}

void card_prebind(struct card_call *call) {
    const char *account = card_sealed_field(call, "acc_info");
    const char *user_id = fields_text(&call->in, "user_id");
    const char *card_type = fields_text(&call->in, "card_type");
    if (account == NULL) {
        card_result(call, "F", "BF00118");
        return;
    }
    if (user_id[0] == '\0' || strcmp(fields_text(&call->in, "id_card_type"), "01") != 0 ||
        (strcmp(card_type, "101") != 0 && strcmp(card_type, "102") != 0)) {
        card_result(call, "F", "BF00120");
        return;
    }
    char *parts[ACCOUNT_PARTS];
    split(arena_text(call->arena, account), parts);
    const char *complaint = account_complaint(parts);
    if (complaint != NULL) {
        card_result(call, "F", complaint);
        return;
    }
    char *unique_code = random_text(call->arena, 40);
    const char *code =
        card_send_sms(call->sandbox, call->arena, call->request->now, parts[3], "bind");
    book_run(call->sandbox->book,
        "INSERT INTO binding(unique_code, kind, user_id, card_number, name, mobile, sms_code,"
        " state, payload, created_us) VALUES (?1,'bind',?2,?3,?4,?5,?6,'open','',?7)",
        "tttttti", unique_code, user_id, parts[0], parts[1], parts[3], code, call->request->now.us);
    card_result(call, "S", "0000");
    card_put_sealed(call, "unique_code", unique_code);
}

static char *agreement_insert(struct card_call *call, const struct row *binding) {
    char *protocol_no = arena_printf(call->arena, "12%lld%010lld",
        (long long)(call->request->now.us / US_PER_SECOND),
        (long long)book_next(call->sandbox->book, "agreement"));
    book_run(call->sandbox->book,
        "INSERT INTO agreement(protocol_no, user_id, card_number, name, mobile, state, created_us)"
        " VALUES (?1,?2,?3,?4,?5,'NORMAL',?6)",
        "ttttti", protocol_no, binding->column[0], binding->column[1], binding->column[2],
        binding->column[3], call->request->now.us);
    return protocol_no;
}

static void bound_answer(struct card_call *call, const char *protocol_no, const char *number) {
    const struct bank *bank = bank_of_card(number);
    card_result(call, "S", "0000");
    card_put_sealed(call, "protocol_no", protocol_no);
    fields_set(&call->out, "bank_code", bank->code);
    fields_set(&call->out, "bank_name", bank->name);
}

void card_bind(struct card_call *call) {
    const char *plain = card_sealed_field(call, "unique_code");
    const char *bar = plain == NULL ? NULL : strchr(plain, '|');
    if (bar == NULL) {
        card_result(call, "F", plain == NULL ? "BF00118" : "BF00120");
        return;
    }
    char *unique_code = arena_text_n(call->arena, plain, (size_t)(bar - plain));
    struct rows rows = book_rows(call->sandbox->book, call->arena,
        "SELECT user_id, card_number, name, mobile, state, payload FROM binding"
        " WHERE unique_code = ?1 AND kind = 'bind'",
        "t", unique_code);
    if (rows.count == 0) {
        card_result(call, "F", "BF00188");
        return;
    }
    const char *const *column = rows.at[0].column;
    const char *verdict = card_sms_code(bar + 1);
    if (strcmp(column[4], "open") != 0) {
        /* Confirmed already and sent again: the same agreement. */
        bound_answer(call, column[5], column[1]);
    } else if (strcmp(verdict, "0000") != 0) {
        card_result(call, "F", verdict);
    } else {
        char *protocol_no = agreement_insert(call, &rows.at[0]);
        book_run(call->sandbox->book,
            "UPDATE binding SET state = 'done', payload = ?2 WHERE unique_code = ?1", "tt",
            unique_code, protocol_no);
        card_balance(call->sandbox, call->arena, column[1]);
        bound_answer(call, protocol_no, column[1]);
    }
}

void card_bind_query(struct card_call *call) {
    const char *number = card_sealed_field(call, "acc_no");
    const char *user_id = fields_text(&call->in, "user_id");
    if (user_id[0] == '\0' && number == NULL) {
        card_result(call, "F", "BF00120");
        return;
    }
    struct rows rows = book_rows(call->sandbox->book, call->arena,
        "SELECT protocol_no, user_id, card_number FROM agreement WHERE state = 'NORMAL'"
        " AND (?1 = '' OR user_id = ?1) AND (?2 = '' OR card_number = ?2) ORDER BY protocol_no",
        "tt", user_id, number == NULL ? "" : number);
    if (rows.count == 0) {
        card_result(call, "F", "BF00134");
        return;
    }
    struct builder builder = builder_start(call->arena, 256);
    for (size_t i = 0; i < rows.count; i++) {
        const char *const *column = rows.at[i].column;
        const struct bank *bank = bank_of_card(column[2]);
        builder_printf(&builder, "%s%s|%s|%s|%s|%s", i == 0 ? "" : ";", column[0], column[1],
            column[2], bank->code, bank->name);
    }
    card_result(call, "S", "0000");
    card_put_sealed(call, "protocols", builder_text(&builder));
}

void card_unbind(struct card_call *call) {
    const char *protocol_no = card_sealed_field(call, "protocol_no");
    if (protocol_no == NULL) {
        card_result(call, "F", "BF00118");
        return;
    }
    int64_t changed = book_run(call->sandbox->book,
        "UPDATE agreement SET state = 'CANCELLED' WHERE protocol_no = ?1 AND state = 'NORMAL'"
        " AND (?2 = '' OR user_id = ?2)",
        "tt", protocol_no, fields_text(&call->in, "user_id"));
    card_result(call, changed == 1 ? "S" : "F", changed == 1 ? "0000" : "BF00134");
}
