/*
 * cost_table.c: the cost table of an offer. See cost_table.h.
 */
#include "service/cost_table.h"

#include "base/check.h"
#include "codec/sha256.h"
#include "engine/disclosure.h"
#include "engine/encoding.h"
#include "service/amount_words.h"
#include "service/rate_words.h"

#include <stdlib.h>
#include <string.h>

enum status offer_terms(struct tx *tx, const struct product *product, struct money amount,
    size_t index, struct day start, struct terms *terms, bool *valid) {
    check(index < product->term_count);
    if (!terms_decode(product->terms.at, product->terms.length, terms)) {
        return fault_set(tx_fault(tx), STATUS_CORRUPT,
            "terms of product %s version %d do not decode", product->code, product->version);
    }
    const struct product_term *term = &product->terms_on_offer[index];
    terms->principal = amount;
    terms->instalment_count = term->instalment_count;
    terms->annual_rate = term->annual_rate;
    terms->period_fee_rate = term->period_fee_rate;
    terms->start_day = start;
    terms->holidays_known_to = calendar_last_year(CALENDAR_CHINA);
    *valid = terms_validate(terms) == TERMS_OK;
    return STATUS_OK;
}

/* What bears penalty, in words. */
static void penalty_base(const struct penalty_terms *penalty, const char **zh, const char **en) {
    if (penalty->on_interest && penalty->on_fee) {
        *zh = "逾期本金、利息和手续费";
        *en = "overdue principal, interest and fee";
    } else if (penalty->on_interest) {
        *zh = "逾期本金和利息";
        *en = "overdue principal and interest";
    } else if (penalty->on_fee) {
        *zh = "逾期本金和手续费";
        *en = "overdue principal and fee";
    } else {
        *zh = "逾期本金";
        *en = "overdue principal";
    }
}

struct words {
    const char *name_zh, *name_en;
    const char *standard_zh, *standard_en;
};

static struct words word_penalty(
    struct arena *arena, const struct terms *terms, const struct cost_item *item) {
    const char *base_zh;
    const char *base_en;
    penalty_base(&terms->penalty, &base_zh, &base_en);
    const char *rate = percent_words(arena, item->rate);
    const char *from_zh = "自还款日次日起";
    const char *from_en = "from the day after the due day";
    if (terms->penalty.grace_days > 0 && terms->penalty.grace_kind == GRACE_INTEREST_FREE) {
        from_zh = arena_printf(arena, "还款日后有 %d 天宽限期，之后", terms->penalty.grace_days);
        from_en = arena_printf(
            arena, "after %d days of grace behind the due day", terms->penalty.grace_days);
    }
    return (struct words){"罚息（仅逾期时）", "Penalty (only when overdue)",
        arena_printf(arena, "%s，按%s每日 %s，直至还清", from_zh, base_zh, rate),
        arena_printf(arena, "%s a day of the %s, %s until it is paid", rate, base_en, from_en)};
}

static struct words word_fee(
    struct arena *arena, const struct terms *terms, const struct cost_item *item) {
    const char *rate = percent_words(arena, item->rate);
    struct words words = {.name_zh = "分期手续费", .name_en = "Instalment fee"};
    if (terms->fee_quote == FEE_QUOTE_TOTAL) {
        words.standard_zh =
            arena_printf(arena, "原始本金的 %s，分 %d 期收取", rate, terms->instalment_count);
        words.standard_en = arena_printf(arena, "%s of the original principal, over %d instalments",
            rate, terms->instalment_count);
    } else {
        words.standard_zh = arena_printf(arena, "每期按原始本金的 %s", rate);
        words.standard_en = arena_printf(arena, "%s of the original principal, each period", rate);
    }
    return words;
}

static struct words word_extension_fee(struct arena *arena, const struct cost_item *item) {
    struct words words = {
        .name_zh = "延期费用（仅申请延期时）", .name_en = "Extension fee (only when you ask)"};
    const char *fixed = yuan_words(arena, item->fixed);
    const char *rate = percent_words(arena, item->rate);
    if (item->rate.per_billion == 0) {
        words.standard_zh = arena_printf(arena, "每次 %s 元", fixed);
        words.standard_en = arena_printf(arena, "¥%s each time", fixed);
    } else if (money_is_zero(item->fixed)) {
        words.standard_zh = arena_printf(arena, "延期部分未还金额每日 %s", rate);
        words.standard_en = arena_printf(arena, "%s a day of what is left of the instalment", rate);
    } else {
        words.standard_zh =
            arena_printf(arena, "每次 %s 元，另加延期部分未还金额每日 %s", fixed, rate);
        words.standard_en = arena_printf(
            arena, "¥%s each time and %s a day of what is left of the instalment", fixed, rate);
    }
    return words;
}

static struct words word_early_settlement(const struct terms *terms) {
    struct words words = {.name_zh = "提前结清（仅提前结清时）",
        .name_en = "Early settlement (only when you settle early)"};
    switch (terms->settle_rule) {
    case SETTLE_BY_DAY:
        words.standard_zh = "利息和手续费只计至结清当天";
        words.standard_en = "interest and fee up to the day of settlement only";
        break;
    case SETTLE_CURRENT_PERIOD:
        words.standard_zh = "当期利息和手续费全额收取，以后各期不收";
        words.standard_en = "interest and fee of the running period in full, none of later ones";
        break;
    case SETTLE_REMAINING_FEES:
        words.standard_zh = "利息计至结清当天，剩余各期手续费照收";
        words.standard_en = "interest up to the day; the fees of all remaining periods";
        break;
    case SETTLE_FULL:
        words.standard_zh = "剩余各期利息和手续费照收";
        words.standard_en = "the interest and fees of all remaining periods";
        break;
    }
    return words;
}

static struct words word_item(
    struct arena *arena, const struct terms *terms, const struct cost_item *item) {
    switch (item->kind) {
    case COST_INTEREST:
        return (struct words){"利息", "Interest",
            arena_printf(
                arena, "按剩余本金计算，年利率 %s（单利）", percent_words(arena, item->rate)),
            arena_printf(arena, "%s a year (simple) of the remaining principal",
                percent_words(arena, item->rate))};
    case COST_PERIOD_FEE:
        return word_fee(arena, terms, item);
    case COST_PENALTY:
        return word_penalty(arena, terms, item);
    case COST_LATE_FEE:
        return (struct words){"逾期违约金（仅逾期时）", "Late fee (only when overdue)",
            arena_printf(arena, "每期逾期收取一次，%s 元", yuan_words(arena, item->fixed)),
            arena_printf(
                arena, "¥%s, once for each overdue instalment", yuan_words(arena, item->fixed))};
    case COST_EXTENSION_FEE:
        return word_extension_fee(arena, item);
    case COST_EARLY_SETTLEMENT:
        return word_early_settlement(terms);
    }
    check(false);
    return (struct words){0};
}

/* Writes the items that are (not) contingent as an array. */
static void write_items(struct json *json, const char *name, struct arena *arena,
    const struct product *product, const struct terms *terms, const struct disclosure *disclosure,
    bool contingent) {
    json_open(json, name, '[');
    for (int32_t i = 0; i < disclosure->item_count; i++) {
        const struct cost_item *item = &disclosure->items[i];
        if (item->contingent != contingent) {
            continue;
        }
        struct words words = word_item(arena, terms, item);
        json_open(json, NULL, '{');
        json_string(json, "name_zh", words.name_zh);
        json_string(json, "name_en", words.name_en);
        json_string(json, "standard_zh", words.standard_zh);
        json_string(json, "standard_en", words.standard_en);
        json_string(json, "collector_zh", product->lender_zh);
        json_string(json, "collector_en", product->lender_en);
        if (contingent) {
            json_null(json, "amount_fen");
        } else {
            json_money(json, "amount_fen", item->amount);
        }
        json_close(json);
    }
    json_close(json);
}

static void write_schedule(struct json *json, const struct schedule *schedule) {
    json_open(json, "instalments", '[');
    for (int32_t i = 0; i < schedule->count; i++) {
        const struct schedule_row *row = &schedule->rows[i];
        json_open(json, NULL, '{');
        json_integer(json, "number", i + 1);
        json_day(json, "due_day", row->due_day);
        json_money(json, "principal_fen", row->principal);
        json_money(json, "interest_fen", row->interest);
        json_money(json, "fee_fen", row->fee);
        json_money(
            json, "total_fen", money_add(row->principal, money_add(row->interest, row->fee)));
        json_close(json);
    }
    json_close(json);
}

struct cost_table cost_table_build(
    struct arena *arena, const struct product *product, const struct terms *terms) {
    struct disclosure *disclosure = ARENA_NEW(arena, struct disclosure);
    disclosure_build(terms, disclosure);
    struct json json = json_start(arena);
    json_open(&json, NULL, '{');
    json_integer(&json, "instalment_count", disclosure->instalment_count);
    json_money(&json, "principal_fen", disclosure->principal);
    write_items(&json, "items", arena, product, terms, disclosure, false);
    write_items(&json, "default_items", arena, product, terms, disclosure, true);
    json_money(&json, "total_cost_fen", disclosure->total_cost);
    json_money(&json, "total_repayment_fen", disclosure->total_repayment);
    json_day(&json, "first_due_day", disclosure->first_due_day);
    json_money(&json, "first_amount_fen", disclosure->first_amount);
    json_money(&json, "each_amount_fen", disclosure->each_amount);
    json_money(&json, "last_amount_fen", disclosure->last_amount);
    json_integer(&json, "irr_per_billion", disclosure->irr_effective.per_billion);
    json_integer(&json, "simple_per_billion", disclosure->simple.per_billion);
    write_schedule(&json, &disclosure->schedule);
    json_string(&json, "no_other_charges_zh", "除以上费用外不收取任何费用");
    json_string(&json, "no_other_charges_en", "Nothing is charged beyond the costs above");
    json_close(&json);
    const char *text = json_text(&json);
    struct cost_table table = {
        .instalment_count = disclosure->instalment_count,
        .json = text,
        .hash = sha256_hex(arena, bytes_of_text(text)),
        .total_cost = disclosure->total_cost,
        .first_amount = disclosure->first_amount,
        .first_due_day = disclosure->first_due_day,
        .irr = disclosure->irr_effective,
        .simple = disclosure->simple,
    };
    for (int32_t i = 0; i < disclosure->item_count; i++) {
        table.items |= 1 << disclosure->items[i].kind;
    }
    return table;
}

/*
 * A whole number of a stored table by its name with quotes and colon. The table is what
 * cost_table_json() wrote, byte for byte as its hash says: no blanks, and inside a string of it
 * such a name would have its quotes escaped. So there is nothing to parse.
 */
static bool stored_number(const char *table_json, const char *quoted_name, int64_t *out) {
    const char *at = strstr(table_json, quoted_name);
    if (at == NULL) {
        return false;
    }
    *out = strtoll(at + strlen(quoted_name), NULL, 10);
    return true;
}

struct cost_table_rates cost_table_rates(const char *table_json) {
    int64_t irr = 0;
    int64_t simple = 0;
    bool both = stored_number(table_json, "\"irr_per_billion\":", &irr) &&
                stored_number(table_json, "\"simple_per_billion\":", &simple);
    return both ? (struct cost_table_rates){{irr}, {simple}} : (struct cost_table_rates){0};
}

void cost_table_write(struct json *json, const char *name, struct arena *arena,
    const char *table_json, const char *hash, struct instant accepted_at) {
    size_t length = strlen(table_json);
    check(length >= 2 && table_json[length - 1] == '}');
    struct json tail = json_start(arena);
    json_open(&tail, NULL, '{');
    json_string(&tail, "hash", hash);
    json_instant(&tail, "accepted_at", accepted_at);
    json_close(&tail);
    json_raw(json, name,
        arena_printf(arena, "%.*s,%s", (int)(length - 1), table_json, json_text(&tail) + 1));
}

void agreement_write(struct json *json, struct arena *arena, const struct product *product,
    const struct terms *terms) {
    struct words settle = word_early_settlement(terms);
    json_open(json, "agreement_zh", '[');
    json_string(json, NULL,
        arena_printf(arena, "出借人：%s。本金支付给商户，用于本订单。", product->lender_zh));
    json_string(json, NULL, "每月按还款计划还款，还款日 23:59:59 前到账即为按时。");
    json_string(json, NULL, arena_printf(arena, "可以随时提前结清：%s。", settle.standard_zh));
    json_string(json, NULL, "逾期会按上表收取罚息，并可能如实报送征信；报送不良信息前会先告知您。");
    json_string(json, NULL, "商户退货退款时，退款先冲减未还本金，已还部分退回您的余额。");
    json_close(json);
    json_open(json, "agreement_en", '[');
    json_string(json, NULL,
        arena_printf(arena, "Lender: %s. The principal is paid to the shop for this order.",
            product->lender_en));
    json_string(json, NULL,
        "You repay each month by the plan; paid by 23:59:59 of the due day is in time.");
    json_string(json, NULL,
        arena_printf(arena, "You may settle early at any time: %s.", settle.standard_en));
    json_string(json, NULL,
        "Overdue amounts bear the penalty above and may be reported to the credit bureau; you are "
        "told before anything adverse is reported.");
    json_string(json, NULL,
        "If the shop refunds goods, the refund first reduces unpaid principal; what you have "
        "already paid returns to your credit balance.");
    json_close(json);
}
