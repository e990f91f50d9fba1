/*
 * amount_words.c: why an amount is what it is, in words. See amount_words.h.
 */
#include "service/amount_words.h"

#include "service/rate_words.h"

#include <string.h>

char *yuan_words(struct arena *arena, struct money amount) {
    char plain[MONEY_TEXT_SIZE];
    money_to_yuan(amount, plain);
    const char *digits = plain[0] == '-' ? plain + 1 : plain;
    size_t whole = strlen(digits) - 3; /* without ".00" */
    struct builder text = builder_start(arena, MONEY_TEXT_SIZE + 8);
    if (plain[0] == '-') {
        builder_add_character(&text, '-');
    }
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            builder_add_character(&text, ',');
        }
        builder_add_character(&text, digits[i]);
    }
    builder_add(&text, digits + whole);
    return builder_text(&text);
}

static void label(struct worded_line *line, const char *zh, const char *en) {
    line->label_zh = zh;
    line->label_en = en;
}

/* The basis of charges by rate and days: base × rate × days. */
static void by_days(struct arena *arena, struct worded_line *line,
    const struct explain_line *explained, const char *rate_zh, const char *rate_en) {
    const char *base = yuan_words(arena, explained->base);
    const char *rate = percent_words(arena, explained->rate);
    line->basis_zh = arena_printf(arena, "%s × %s%s × %d 天", base, rate, rate_zh, explained->days);
    line->basis_en = arena_printf(arena, "%s × %s%s × %d day%s", base, rate, rate_en,
        explained->days, explained->days == 1 ? "" : "s");
}

static void by_rate(struct arena *arena, struct worded_line *line,
    const struct explain_line *explained, const char *rate_zh, const char *rate_en) {
    const char *base = yuan_words(arena, explained->base);
    const char *rate = percent_words(arena, explained->rate);
    line->basis_zh = arena_printf(arena, "%s × %s%s", base, rate, rate_zh);
    line->basis_en = arena_printf(arena, "%s × %s%s", base, rate, rate_en);
}

static void word_extension(
    struct arena *arena, struct worded_line *line, const struct explain_line *explained) {
    label(line, "延期费用", "Extension fee");
    if (explained->days > 0) {
        by_days(arena, line, explained, "/日", " a day");
    } else {
        line->basis_zh = "每次固定收取";
        line->basis_en = "fixed, each time";
    }
}

static void to_date(struct arena *arena, struct worded_line *line,
    const struct explain_line *explained, const char *zh, const char *en) {
    label(line, zh, en);
    line->basis_zh = arena_printf(arena, "本期已过 %d 天", explained->days);
    line->basis_en = arena_printf(arena, "%d days into the period", explained->days);
}

/* Lines that are a name and an amount. */
static void word_plain(struct worded_line *line, enum explain_kind kind) {
    static const struct {
        enum explain_kind kind;
        const char *zh;
        const char *en;
    } plain[] = {
        {EXPLAIN_PRINCIPAL, "本金", "Principal"},
        {EXPLAIN_INTEREST_MOVED, "转入利息", "Interest moved here"},
        {EXPLAIN_ADDED_FEE, "其他费用", "Other charges"},
        {EXPLAIN_PENALTY_COMPOUND, "复利", "Penalty on overdue interest"},
        {EXPLAIN_ADDED_PENALTY, "违约费用", "Default charges"},
        {EXPLAIN_LATE_FEE, "逾期违约金", "Late fee"},
        {EXPLAIN_PAID, "已还", "Paid"},
        {EXPLAIN_WAIVED, "已减免", "Waived"},
        {EXPLAIN_INTEREST_PAST, "已过各期利息", "Interest of past periods"},
        {EXPLAIN_FEE_PAST, "已过各期手续费", "Fees of past periods"},
        {EXPLAIN_PENALTY_TOTAL, "罚息合计", "Penalty in all"},
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain[i].kind == kind) {
            label(line, plain[i].zh, plain[i].en);
            return;
        }
}

static struct worded_line word_line(struct arena *arena, const struct explain_line *explained) {
    struct worded_line line = {.amount = explained->amount};
    switch (explained->kind) {
    case EXPLAIN_INTEREST_MONTH:
        label(&line, "利息", "Interest");
        by_rate(arena, &line, explained, "/年 ÷ 12", " a year ÷ 12");
        break;
    case EXPLAIN_INTEREST_DAYS:
        label(&line, "利息", "Interest");
        by_days(arena, &line, explained, "/年", " a year");
        break;
    case EXPLAIN_FEE:
        label(&line, "手续费", "Fee");
        by_rate(arena, &line, explained, "（按原始本金）", " of the original principal");
        break;
    case EXPLAIN_PENALTY:
        label(&line, "罚息", "Penalty");
        by_days(arena, &line, explained, "/日", " a day");
        break;
    case EXPLAIN_PENALTY_BEFORE:
        label(&line, "此前罚息", "Earlier penalty");
        line.basis_zh = "部分还款之前产生";
        line.basis_en = "from before the last part-payment";
        break;
    case EXPLAIN_PENALTY_CAPPED:
        label(&line, "超过上限不收", "Above the cap, not charged");
        line.basis_zh =
            arena_printf(arena, "全部费用年化不超过 %s", percent_words(arena, explained->rate));
        line.basis_en = arena_printf(
            arena, "all costs stay within %s a year", percent_words(arena, explained->rate));
        break;
    case EXPLAIN_EXTENSION_FEE:
        word_extension(arena, &line, explained);
        break;
    case EXPLAIN_INTEREST_TO_DATE:
        to_date(arena, &line, explained, "利息（计至今天）", "Interest to today");
        break;
    case EXPLAIN_FEE_TO_DATE:
        to_date(arena, &line, explained, "手续费（计至今天）", "Fee to today");
        break;
    case EXPLAIN_EARLY_FEE:
        label(&line, "剩余期数手续费", "Fees of the remaining periods");
        break;
    case EXPLAIN_EARLY_INTEREST:
        label(&line, "剩余期数利息", "Interest of the remaining periods");
        break;
    case EXPLAIN_PRINCIPAL:
    case EXPLAIN_INTEREST_MOVED:
    case EXPLAIN_ADDED_FEE:
    case EXPLAIN_PENALTY_COMPOUND:
    case EXPLAIN_ADDED_PENALTY:
    case EXPLAIN_LATE_FEE:
    case EXPLAIN_PAID:
    case EXPLAIN_WAIVED:
    case EXPLAIN_INTEREST_PAST:
    case EXPLAIN_FEE_PAST:
    case EXPLAIN_PENALTY_TOTAL:
        word_plain(&line, explained->kind);
        break;
    }
    return line;
}

struct worded_lines word_explanation(
    struct arena *arena, const struct explanation *explanation, bool number_instalments) {
    struct worded_lines words = {
        .lines = ARENA_ARRAY(arena, (size_t)explanation->count + 1, struct worded_line)};
    for (int32_t i = 0; i < explanation->count; i++) {
        const struct explain_line *explained = &explanation->lines[i];
        struct worded_line line = word_line(arena, explained);
        if (number_instalments && explained->instalment > 0) {
            line.label_zh = arena_printf(arena, "第 %d 期%s", explained->instalment, line.label_zh);
            line.label_en = arena_printf(arena, "No. %d: %s", explained->instalment, line.label_en);
        }
        words.lines[words.count++] = line;
    }
    return words;
}

void join_lines(struct arena *arena, struct worded_lines *lines, const struct worded_lines *more) {
    struct worded_line *all =
        ARENA_ARRAY(arena, lines->count + more->count + 1, struct worded_line);
    if (lines->count > 0) {
        memcpy(all, lines->lines, lines->count * sizeof *all);
    }
    if (more->count > 0) {
        memcpy(all + lines->count, more->lines, more->count * sizeof *all);
    }
    lines->lines = all;
    lines->count += more->count;
}

void write_lines(struct json *json, const char *name, const struct worded_lines *lines) {
    json_open(json, name, '[');
    for (size_t i = 0; i < lines->count; i++) {
        const struct worded_line *line = &lines->lines[i];
        json_open(json, NULL, '{');
        json_string(json, "label_zh", line->label_zh);
        json_string(json, "label_en", line->label_en);
        json_money(json, "amount_fen", line->amount);
        if (line->basis_zh != NULL) {
            json_string(json, "basis_zh", line->basis_zh);
            json_string(json, "basis_en", line->basis_en);
        }
        json_close(json);
    }
    json_close(json);
}
