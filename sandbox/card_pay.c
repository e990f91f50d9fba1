/* card_pay.c: debits and their query. Exports card_pay(), card_prepay(), card_confirm(),
 * card_query(), card_finish(), card_decide(), card_balance(), card_notification(). */
#include "sandbox/card.h"

#include "sandbox/fault_plan.h"
#include "sandbox/notify.h"
#include "sandbox/test_cards.h"
#include "sandbox/tree.h"
#include "sandbox/wechat.h"

#include <string.h>

enum { DECIDED_LATER_MS = 3000 };

#define PAID "0000"
#define NO_MONEY "BF00103"

/* What a debit asks for. */
struct debit {
    const char *trans_id;
    const char *protocol_no;
    const char *user_id;
    const char *return_url;
    int64_t amount_fen;
};

/* What becomes of it now. `later` is not "" when it is processing and ends with that code. */
struct verdict {
    const char *code;
    const char *later;
    int64_t delay_ms;
};

int64_t card_balance(struct sandbox *sandbox, struct arena *arena, const char *card_number) {
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT balance_fen FROM account WHERE card_number = ?1", "t", card_number);
    if (rows.count > 0)
        return row_integer(rows.at[0], 0);
    int64_t balance_fen = test_card_of(card_number)->balance_fen;
    book_run(sandbox->book, "INSERT INTO account(card_number, balance_fen) VALUES (?1, ?2)", "ti",
        card_number, balance_fen);
    return balance_fen;
}

/* Debits taken from the card since midnight in Shanghai. */
static int64_t spent_today(
    struct sandbox *sandbox, struct arena *arena, struct instant now, const char *card_number) {
    struct instant midnight = day_start(instant_to_day(now, ZONE_SHANGHAI), ZONE_SHANGHAI);
    struct rows rows = book_rows(sandbox->book, arena,
        "SELECT coalesce(sum(amount_fen), 0) FROM movement WHERE card_number = ?1 AND kind ="
        " 'payment' AND at_us >= ?2",
        "ti", card_number, midnight.us);
    return row_integer(rows.at[0], 0);
}

static int64_t attempts_of(struct sandbox *sandbox, struct arena *arena, const char *card_number) {
    struct rows rows = book_rows(sandbox->book, arena,
        "UPDATE account SET attempts = attempts + 1 WHERE card_number = ?1 RETURNING attempts", "t",
        card_number);
    return rows.count == 0 ? 0 : row_integer(rows.at[0], 0);
}

static struct verdict troubled(
    struct sandbox *sandbox, const struct trouble_rule *rule, const char *protocol_no) {
    bool fails = strcmp(rule->outcome, "fail") == 0;
    switch (rule->trouble) {
    case TROUBLE_INSUFFICIENT_FUNDS:
        return (struct verdict){NO_MONEY, "", 0};
    case TROUBLE_FROZEN_CARD:
        return (struct verdict){"BF00237", "", 0};
    case TROUBLE_LIMIT_EXCEEDED:
        return (struct verdict){"BF00235", "", 0};
    case TROUBLE_AGREEMENT_CANCELLED:
        book_run(sandbox->book, "UPDATE agreement SET state = 'CANCELLED' WHERE protocol_no = ?1",
            "t", protocol_no);
        return (struct verdict){"BF00134", "", 0};
    case TROUBLE_UNKNOWN:
        return (struct verdict){rule->code[0] == '\0' ? "BF00115" : rule->code,
            fails ? "BF00108" : PAID, rule->delay_ms > 0 ? rule->delay_ms : DECIDED_LATER_MS};
    case TROUBLE_REFUSE:
        return (struct verdict){rule->code[0] == '\0' ? "BF00111" : rule->code, "", 0};
    case TROUBLE_LATENCY:
    case TROUBLE_TIMEOUT_BEFORE:
    case TROUBLE_TIMEOUT_AFTER:
    case TROUBLE_ERROR_BEFORE:
    case TROUBLE_ERROR_AFTER:
    case TROUBLE_RESET_BEFORE:
    case TROUBLE_RESET_AFTER:
    case TROUBLE_ANSWER_FORGED:
    case TROUBLE_REFUND_ABNORMAL:
    case TROUBLE_REFUND_CLOSED:
    case TROUBLE_QUERY_FAILED:
    case TROUBLE_NOTIFY_DUPLICATE:
    case TROUBLE_NOTIFY_DELAY:
    case TROUBLE_NOTIFY_REORDER:
    case TROUBLE_NOTIFY_LOST:
    case TROUBLE_NOTIFY_FORGED_SIGNATURE:
    case TROUBLE_NOTIFY_FORGED_AMOUNT:
    case TROUBLE_NOTIFY_FORGED_MERCHANT:
    case TROUBLE_NOTIFY_STALE:
    case TROUBLE_NOTIFY_TRUNCATED:
        break;
    }
    return (struct verdict){PAID, "", 0};
}

/* Planned troubles first, then the card's own behaviour, then its money. */
static struct verdict decide(
    struct sandbox *sandbox, struct arena *arena, struct instant now, const struct trade *trade) {
    const struct test_card *card = test_card_of(trade->card_number);
    int64_t balance_fen = card_balance(sandbox, arena, trade->card_number);
    int64_t attempt = attempts_of(sandbox, arena, trade->card_number);
    struct trouble_rule rule;
    if (trouble_take(sandbox, arena, PHASE_PAY, "card", "pay", trade->out_no, 0, &rule))
        return troubled(sandbox, &rule, trade->payer);
    if (card->pay_code[0] != '\0')
        return (struct verdict){card->pay_code, "", 0};
    if (card->single_limit_fen > 0 && trade->amount_fen > card->single_limit_fen)
        return (struct verdict){"BF00235", "", 0};
    if (card->day_limit_fen > 0 &&
        spent_today(sandbox, arena, now, trade->card_number) + trade->amount_fen >
            card->day_limit_fen)
        return (struct verdict){"BF00234", "", 0};
    if (attempt <= card->refused_first || balance_fen < trade->amount_fen)
        return (struct verdict){NO_MONEY, "", 0};
    if (card->unknown_code[0] != '\0')
        return (struct verdict){card->unknown_code, card->final_code, DECIDED_LATER_MS};
    return (struct verdict){PAID, "", 0};
}

/* The result fields of a debit, as answer and notification carry them. */
static void write_debit(struct arena *arena, const struct trade *trade, struct fields *out) {
    fields_set(out, "order_id", trade->provider_no);
    fields_set(out, "trans_id", trade->out_no);
    if (strcmp(trade->state, "S") == 0) {
        fields_set(out, "succ_amt", arena_printf(arena, "%lld", (long long)trade->amount_fen));
        fields_set(out, "succ_time", instant_plain(arena, trade->done));
    }
}

/* The end of a debit: state, money, notification. */
static void end(struct sandbox *sandbox, struct arena *arena, struct instant now,
    struct trade *trade, const char *code) {
    bool paid = strcmp(code, PAID) == 0;
    if (paid && card_balance(sandbox, arena, trade->card_number) < trade->amount_fen) {
        code = NO_MONEY;
        paid = false;
    }
    trade->state = paid ? "S" : "F";
    trade->code = code;
    trade->due = (struct instant){0};
    trade->due_code = "";
    trade->done = paid ? now : (struct instant){0};
    trade_save(sandbox, trade);
    if (paid) {
        book_run(sandbox->book,
            "UPDATE account SET balance_fen = balance_fen - ?2 WHERE card_number = ?1", "ti",
            trade->card_number, trade->amount_fen);
        movement_add(sandbox, now, "payment", trade, "", trade->amount_fen);
    }
    struct fields fields = {0};
    fields_set(&fields, "resp_code", trade->state);
    fields_set(&fields, "terminal_id", sandbox->keys.terminal_id);
    fields_set(&fields, "member_id", sandbox->keys.member_id);
    fields_set(&fields, "biz_resp_code", code);
    fields_set(&fields, "biz_resp_msg", card_message(code));
    write_debit(arena, trade, &fields);
    notification_add(sandbox, arena, now, "card", "payment", trade->out_no, "", trade->notify_url,
        card_form(arena, &fields, true));
}

void card_finish(
    struct sandbox *sandbox, struct arena *arena, struct instant now, struct trade *trade) {
    end(sandbox, arena, now, trade, trade->due_code);
}

bool card_decide(struct sandbox *sandbox, struct arena *arena, struct instant now,
    struct trade *trade, const char *code) {
    if (strcmp(trade->state, "I") != 0)
        return false;
    end(sandbox, arena, now, trade, code);
    return true;
}

static bool trade_open(struct card_call *call, const char *trans_id, struct trade *out) {
    if (!trade_load(call->sandbox, call->arena, "card", trans_id, out))
        return false;
    if (out->due.us > 0 && out->due.us <= call->request->now.us)
        card_finish(call->sandbox, call->arena, call->request->now, out);
    return true;
}

/* Writes what is known of a trade into the answer. */
static void report(struct card_call *call, const struct trade *trade, const char *paid_code) {
    bool paid = strcmp(trade->state, "S") == 0;
    card_result(call, paid && strcmp(paid_code, PAID) != 0 ? "F" : trade->state,
        paid ? paid_code : trade->code);
    write_debit(call->arena, trade, &call->out);
}

static void try_debit(struct card_call *call, struct trade *trade) {
    struct instant now = call->request->now;
    struct verdict verdict = decide(call->sandbox, call->arena, now, trade);
    call->delay_ms = test_card_of(trade->card_number)->pay_delay_ms;
    if (verdict.later[0] == '\0') {
        end(call->sandbox, call->arena, now, trade, verdict.code);
    } else {
        trade->state = "I";
        trade->code = verdict.code;
        trade->due_code = verdict.later;
        trade->due = (struct instant){now.us + verdict.delay_ms * 1000};
        trade_save(call->sandbox, trade);
    }
    report(call, trade, PAID);
}

static void trade_create(struct card_call *call, const struct debit *debit, const char *card_number,
    const char *fingerprint, const char *kind, struct trade *out) {
    *out = (struct trade){
        .channel = "card",
        .out_no = debit->trans_id,
        .provider_no = arena_printf(
            call->arena, "58%013lld", (long long)book_next(call->sandbox->book, "debit")),
        .kind = kind,
        .state = "NEW",
        .code = "",
        .fingerprint = fingerprint,
        .description = "",
        .attach = debit->user_id,
        .notify_url = debit->return_url,
        .payer = debit->protocol_no,
        .card_number = card_number,
        .handle = "",
        .due_code = "",
        .amount_fen = debit->amount_fen,
        .created = call->request->now,
    };
    trade_insert(call->sandbox, out);
}

/* The card behind a live agreement; NULL when there is none. */
static const char *agreement_card(
    struct card_call *call, const struct debit *debit, const char **mobile) {
    struct rows rows = book_rows(call->sandbox->book, call->arena,
        "SELECT card_number, mobile FROM agreement WHERE protocol_no = ?1 AND state = 'NORMAL'"
        " AND (?2 = '' OR user_id = ?2)",
        "tt", debit->protocol_no, debit->user_id);
    if (rows.count == 0)
        return NULL;
    *mobile = rows.at[0].column[1];
    return rows.at[0].column[0];
}

/* Debit under a number that may have been used before. */
static void debit_now(struct card_call *call, const struct debit *debit, const char *kind) {
    struct trade trade;
    const char *mobile = "";
    char *fingerprint = arena_printf(call->arena, "%s %lld %s %s", debit->protocol_no,
        (long long)debit->amount_fen, debit->user_id, debit->return_url);
    bool known = trade_open(call, debit->trans_id, &trade);
    if (known && strcmp(trade.fingerprint, fingerprint) != 0) {
        card_result(call, "F", "BF00131");
        return;
    }
    if (known && strcmp(trade.state, "S") == 0) {
        report(call, &trade, "BF00114");
        return;
    }
    if (known && strcmp(trade.state, "I") == 0) {
        report(call, &trade, PAID);
        return;
    }
    const char *card_number = agreement_card(call, debit, &mobile);
    if (card_number == NULL) {
        card_result(call, "F", "BF00134");
        fields_set(&call->out, "trans_id", debit->trans_id);
        return;
    }
    if (!known)
        trade_create(call, debit, card_number, fingerprint, kind, &trade);
    try_debit(call, &trade);
}

/* Reads and checks a debit's fields; false when the refusal is written. */
static bool debit_read(struct card_call *call, struct debit *out) {
    const char *protocol_no = card_sealed_field(call, "protocol_no");
    SANDBOX_TREE risk = tree_read(bytes_of_text(fields_text(&call->in, "risk_item")));
    *out = (struct debit){fields_text(&call->in, "trans_id"), protocol_no,
        fields_text(&call->in, "user_id"), fields_text(&call->in, "return_url"), 0};
    const char *refusal = NULL;
    if (!merchant_number_valid(out->trans_id, "", 8, 50))
        refusal = "BF00121";
    else if (protocol_no == NULL)
        refusal = "BF00118";
    else if (!integer_read(fields_text(&call->in, "txn_amt"), &out->amount_fen) ||
             out->amount_fen < 1)
        refusal = "BF00135";
    else if (risk == NULL || tree_text(risk, "goodsCategory") == NULL)
        refusal = "BF00120";
    if (refusal != NULL)
        card_result(call, "F", refusal);
    return refusal == NULL;
}

void card_pay(struct card_call *call) {
    struct debit debit;
    if (debit_read(call, &debit))
        debit_now(call, &debit, "direct");
}

void card_prepay(struct card_call *call) {
    struct debit debit;
    const char *mobile = "";
    if (!debit_read(call, &debit))
        return;
    const char *card_number = agreement_card(call, &debit, &mobile);
    if (card_number == NULL) {
        card_result(call, "F", "BF00134");
        return;
    }
    struct fields payload = {0};
    fields_set(&payload, "trans_id", debit.trans_id);
    fields_set(&payload, "protocol_no", debit.protocol_no);
    fields_set(&payload, "user_id", debit.user_id);
    fields_set(&payload, "return_url", debit.return_url);
    fields_set(&payload, "txn_amt", fields_text(&call->in, "txn_amt"));
    char *unique_code = random_text(call->arena, 40);
    const char *code = card_send_sms(call->sandbox, call->arena, call->request->now, mobile, "pay");
    book_run(call->sandbox->book,
        "INSERT INTO binding(unique_code, kind, user_id, card_number, name, mobile, sms_code,"
        " state, payload, created_us) VALUES (?1,'pay',?2,?3,'',?4,?5,'open',?6,?7)",
        "tttttti", unique_code, debit.user_id, card_number, mobile, code,
        card_form(call->arena, &payload, true), call->request->now.us);
    card_result(call, "S", PAID);
    card_put_sealed(call, "unique_code", unique_code);
}

void card_confirm(struct card_call *call) {
    const char *plain = card_sealed_field(call, "unique_code");
    const char *bar = plain == NULL ? NULL : strchr(plain, '|');
    if (bar == NULL) {
        card_result(call, "F", plain == NULL ? "BF00118" : "BF00120");
        return;
    }
    const char *verdict = card_sms_code(bar + 1);
    struct rows rows = book_rows(call->sandbox->book, call->arena,
        "SELECT payload FROM binding WHERE unique_code = ?1 AND kind = 'pay'", "t",
        arena_text_n(call->arena, plain, (size_t)(bar - plain)));
    if (rows.count == 0 || strcmp(verdict, PAID) != 0) {
        card_result(call, "F", rows.count == 0 ? "BF00128" : verdict);
        return;
    }
    struct fields payload;
    fields_read(call->arena, bytes_of_text(rows.at[0].column[0]), true, &payload);
    struct debit debit = {fields_text(&payload, "trans_id"), fields_text(&payload, "protocol_no"),
        fields_text(&payload, "user_id"), fields_text(&payload, "return_url"), 0};
    integer_read(fields_text(&payload, "txn_amt"), &debit.amount_fen);
    debit_now(call, &debit, "sms");
}

void card_query(struct card_call *call) {
    const char *trans_id = fields_text(&call->in, "orig_trans_id");
    struct trade trade;
    struct trouble_rule rule;
    if (strlen(fields_text(&call->in, "orig_trade_date")) != 19) {
        card_result(call, "FF", "BF00121");
        return;
    }
    if (trouble_take(
            call->sandbox, call->arena, PHASE_QUERY, "card", "query", trans_id, 0, &rule)) {
        card_result(call, "FF", "BF00100");
        return;
    }
    if (!trade_open(call, trans_id, &trade) || strcmp(trade.state, "NEW") == 0) {
        card_result(call, "FF", "BF00128");
        return;
    }
    trade.queries++;
    trade_save(call->sandbox, &trade);
    if (trade.queries <= test_card_of(trade.card_number)->failed_queries)
        card_result(call, "FF", "BF00100");
    else
        report(call, &trade, PAID);
}

void card_notification(struct sandbox *sandbox, struct arena *arena, const char *event,
    const char *payload, const char *forge, struct outgoing *out) {
    struct fields fields;
    out->content_type = "application/x-www-form-urlencoded";
    out->header_count = 0;
    fields_read(arena, bytes_of_text(payload), true, &fields);
    if (strcmp(forge, "amount") == 0)
        fields_set(&fields, "succ_amt", "1");
    if (strcmp(forge, "merchant") == 0)
        fields_set(&fields, "member_id", "100099999");
    EVP_PKEY *key = sandbox->keys.acquirer;
    if (strcmp(event, "refund") == 0) {
        /* One sealed parameter; its forgery is a text made with a key of somebody else's. */
        char *text = base64_encode(arena, bytes_of_text(fields_text(&fields, "data")));
        if (forge[0] != '\0')
            key = sandbox->keys.card_merchant;
        struct fields sealed = {0};
        fields_set(&sealed, "member_id", sandbox->keys.member_id);
        fields_set(&sealed, "terminal_id", sandbox->keys.terminal_id);
        fields_set(&sealed, "data_type", "json");
        fields_set(&sealed, "data_content",
            hex_encode(arena, rsa_private_blocks(arena, key, bytes_of_text(text))));
        out->body = bytes_of_text(card_form(arena, &sealed, true));
        return;
    }
    char *signature = card_sign(arena, key, &fields);
    if (strcmp(forge, "signature") == 0 || strcmp(forge, "stale") == 0)
        signature[9] = signature[9] == '0' ? '1' : '0';
    fields_set(&fields, "signature", signature);
    out->body = bytes_of_text(card_form(arena, &fields, true));
    if (strcmp(forge, "truncated") == 0)
        out->body.length /= 2;
}
