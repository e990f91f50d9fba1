/* fineract_schedule.c: schedules, their totals and what is owed, held against a life. */
#include "fineract_tables.h"
#include "fineract_words.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

enum cell {
    CELL_NUMBER,
    CELL_DAYS,
    CELL_DAY,
    CELL_PAID_DAY,
    CELL_BALANCE,
    CELL_PRINCIPAL,
    CELL_INTEREST,
    CELL_FEES,
    CELL_PENALTIES,
    CELL_DUE,
    CELL_PAID,
    CELL_IN_ADVANCE,
    CELL_LATE,
    CELL_OUTSTANDING,
    CELL_WAIVED,
};
enum { CELL_COUNT = CELL_WAIVED + 1 };

static const char *const cell_names[CELL_COUNT] = {"number", "days", "day", "day paid", "balance",
    "principal", "interest", "fees", "penalties", "due", "paid", "in advance", "late",
    "outstanding", "waived"};

/* A row: either a drawdown or an instalment. */
struct row {
    struct day day;
    int32_t rank; /* on one day; the older way to plan puts instalments behind drawdowns */
    int32_t index;
    bool drawdown;
    struct day paid_day;
    int32_t number, days;
    struct money cells[CELL_COUNT];
};

static int in_order(const void *a, const void *b) {
    const struct row *left = a, *right = b;
    if (left->day.number != right->day.number)
        return left->day.number < right->day.number ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return left->index < right->index ? -1 : 1;
}

static int32_t rank_of(enum instalment_kind kind, bool progressive) {
    switch (kind) {
    case INSTALMENT_UP_FRONT:
    case INSTALMENT_DOWN_PAYMENT:
        return 2;
    case INSTALMENT_REGULAR:
    case INSTALMENT_REPLACED:
    case INSTALMENT_PREPAYMENT:
        return progressive ? 0 : 3;
    case INSTALMENT_ADDED:
        return 4;
    }
    check(!"a kind of instalment");
}

static struct money sum_of(const struct money parts[COMPONENT_COUNT]) {
    struct money sum = MONEY_ZERO;
    for (int32_t c = 0; c < COMPONENT_COUNT; c++)
        sum = money_add(sum, parts[c]);
    return sum;
}

static struct row instalment_row(const struct life *life, int32_t i) {
    const struct instalment *one = &life->state->instalments[i];
    struct row row = {.day = one->due_day,
        .rank = rank_of(one->kind, life->loan.progressive),
        .index = i,
        .days = days_between(one->period_start, one->due_day),
        .paid_day = one->settled_day};
    struct money waived = sum_of(one->waived);
    row.cells[CELL_PRINCIPAL] = one->charged[COMPONENT_PRINCIPAL];
    row.cells[CELL_INTEREST] = one->charged[COMPONENT_INTEREST];
    row.cells[CELL_FEES] = one->charged[COMPONENT_FEE];
    row.cells[CELL_PENALTIES] = one->charged[COMPONENT_PENALTY];
    row.cells[CELL_DUE] = sum_of(one->charged);
    row.cells[CELL_PAID] = sum_of(one->paid);
    row.cells[CELL_IN_ADVANCE] = life->timings[i].in_advance;
    row.cells[CELL_LATE] = life->timings[i].late;
    row.cells[CELL_OUTSTANDING] =
        money_subtract(row.cells[CELL_DUE], money_add(row.cells[CELL_PAID], waived));
    row.cells[CELL_WAIVED] = waived;
    return row;
}

/* Instalments that were called in on one day are one row of the published tables. */
static int32_t merge_called_in(const struct life *life, struct row *rows, int32_t count) {
    const struct day day = life->state->accelerated_day;
    int32_t into = -1, kept = 0;
    for (int32_t i = 0; i < count; i++) {
        const struct row row = rows[i];
        const struct instalment *one = row.drawdown ? NULL : &life->state->instalments[row.index];
        const bool called_in = one && !day_is_none(day) && one->kind == INSTALMENT_REGULAR &&
                               day_compare(one->due_day, day) >= 0 &&
                               day_compare(one->scheduled_day, day) >= 0;
        if (called_in && into >= 0) {
            for (int32_t c = CELL_PRINCIPAL; c < CELL_COUNT; c++)
                rows[into].cells[c] = money_add(rows[into].cells[c], row.cells[c]);
            if (day_is_none(row.paid_day) || day_is_none(rows[into].paid_day))
                rows[into].paid_day = DAY_NONE;
            else if (day_compare(row.paid_day, rows[into].paid_day) > 0)
                rows[into].paid_day = row.paid_day;
            continue;
        }
        if (called_in)
            into = kept;
        rows[kept++] = row;
    }
    return kept;
}

/* The rows of the schedule in the order of the published tables, some of which have no drawdowns.
 */
static int32_t build_rows(struct life *life, bool drawdowns, struct row *rows) {
    int32_t count = 0;
    for (int32_t i = 0; i < life->count; i++) {
        const struct transaction *one = &life->transactions[i];
        if (one->kind != TRANSACTION_DISBURSEMENT || one->reverted)
            continue;
        rows[count] = (struct row){.day = one->day, .rank = 1, .index = i, .drawdown = true};
        rows[count++].cells[CELL_BALANCE] = one->amount;
    }
    for (int32_t i = 0; i < life->state->instalment_count; i++)
        rows[count++] = instalment_row(life, i);
    qsort(rows, (size_t)count, sizeof *rows, in_order);
    count = merge_called_in(life, rows, count);
    struct money balance = MONEY_ZERO;
    struct day due = life->loan.terms.start_day;
    int32_t number = 0, kept = 0;
    for (int32_t i = 0; i < count; i++) {
        struct row *row = &rows[i];
        if (row->drawdown) {
            balance = money_add(balance, row->cells[CELL_BALANCE]);
            if (drawdowns)
                rows[kept++] = *row;
            continue;
        }
        const struct instalment *one = &life->state->instalments[row->index];
        balance = money_add(balance, one->charged_back[COMPONENT_PRINCIPAL]);
        balance = money_subtract(balance, row->cells[CELL_PRINCIPAL]);
        row->cells[CELL_BALANCE] = balance;
        row->number = ++number;
        if (one->kind == INSTALMENT_ADDED)
            row->days = days_between(due, row->day);
        due = row->day;
        rows[kept++] = *row;
    }
    return kept;
}

static const char *yuan(struct life *life, struct money money) {
    char text[MONEY_TEXT_SIZE];
    return arena_text(life->arena, money_to_yuan(money, text));
}

static const char *day_words(struct life *life, struct day day) {
    char text[DAY_TEXT_SIZE];
    return day_is_none(day) ? "-" : arena_text(life->arena, day_to_text(day, text));
}

/* What we have in a cell, as the published tables write it; NULL when it is not compared. */
static const char *ours(struct life *life, const struct row *row, enum cell cell) {
    const bool amount = cell >= CELL_BALANCE;
    if (row->drawdown && cell != CELL_DAY && cell != CELL_BALANCE)
        return NULL;
    if (cell == CELL_NUMBER)
        return arena_printf(life->arena, "%d", row->number);
    if (cell == CELL_DAYS)
        return arena_printf(life->arena, "%d", row->days);
    if (cell == CELL_DAY)
        return day_words(life, row->day);
    if (cell == CELL_PAID_DAY)
        return day_words(life, row->paid_day);
    check(amount);
    return yuan(life, row->cells[cell]);
}

/* Whether the published word says what we have; amounts may leave out zeros. */
static bool same(const struct vector_line *line, enum cell cell, const char *have) {
    char text[32];
    if (!vector_word(line, cell, text, sizeof text) || strcmp(text, "?") == 0 || !have)
        return true;
    if (cell < CELL_BALANCE)
        return strcmp(text, have) == 0;
    if (strcmp(text, "-") == 0)
        return true;
    struct money published, own;
    return money_from_yuan(text, strlen(text), &published) &&
           money_from_yuan(have, strlen(have), &own) && money_compare(published, own) == 0;
}

/* Fees that a drawdown row shows are paid at once; we have none of them. */
static bool plain_drawdown(const struct vector_line *line) {
    struct money fees;
    return !read_money(line, CELL_FEES, &fees) || money_is_zero(fees);
}

static bool is_drawdown(const struct vector_line *line, const struct row *rows, int32_t count) {
    struct day day;
    struct money amount;
    for (int32_t i = 0; i < count; i++)
        if (rows[i].drawdown && read_day_or_none(line, CELL_DAY, &day) &&
            day_compare(day, rows[i].day) == 0 && read_money(line, CELL_BALANCE, &amount) &&
            money_compare(amount, rows[i].cells[CELL_BALANCE]) == 0 && plain_drawdown(line))
            return true;
    return false;
}

void table_schedule(struct life *life, const struct table *table, struct tally *tally) {
    struct row *rows =
        ARENA_ARRAY(life->arena, INSTALMENTS_MAX + LIFE_TRANSACTIONS_MAX, struct row);
    const bool drawdowns = table->count > 0 && word_is(&table->rows[0], CELL_NUMBER, "-");
    const int32_t count = build_rows(life, drawdowns, rows);
    if (count != table->count) {
        vector_wrong(tally, table->head, "the schedule has %d rows", count);
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        const struct vector_line *line = &table->rows[i];
        if (word_is(line, CELL_NUMBER, "-") && rows[i].drawdown && is_drawdown(line, rows, count))
            continue; /* of several drawdowns the tables sometimes name one twice */
        for (int32_t c = 0; c < CELL_COUNT; c++) {
            const char *have = ours(life, &rows[i], (enum cell)c);
            if (!same(line, (enum cell)c, have)) {
                vector_wrong(tally, line, "%s is %s in: %s", cell_names[c], have, line->rest);
                return;
            }
        }
        if (rows[i].drawdown && !plain_drawdown(line)) {
            vector_wrong(tally, line, "a drawdown has no fees");
            return;
        }
    }
    vector_reproduced(tally);
}

void table_totals(struct life *life, const struct table *table, struct tally *tally) {
    static const enum cell cells[] = {CELL_PRINCIPAL, CELL_INTEREST, CELL_FEES, CELL_PENALTIES,
        CELL_DUE, CELL_PAID, CELL_IN_ADVANCE, CELL_LATE, CELL_OUTSTANDING};
    for (int32_t n = 0; n < (int32_t)(sizeof cells / sizeof cells[0]); n++) {
        struct money sum = MONEY_ZERO, published;
        for (int32_t i = 0; i < life->state->instalment_count; i++)
            sum = money_add(sum, instalment_row(life, i).cells[cells[n]]);
        if (read_money(table->head, n, &published) && money_compare(published, sum) != 0) {
            vector_wrong(tally, table->head, "%s is %s in all of: %s", cell_names[cells[n]],
                yuan(life, sum), table->head->rest);
            return;
        }
    }
    vector_reproduced(tally);
}

static void expect_money(
    struct life *life, const struct table *table, struct money have, struct tally *tally) {
    struct money published;
    check(read_money(table->head, 0, &published));
    if (money_compare(published, have) == 0)
        vector_reproduced(tally);
    else
        vector_wrong(tally, table->head, "%s is %s, published %s", table->head->word,
            yuan(life, have), table->head->rest);
}

void table_outstanding(struct life *life, const struct table *table, struct tally *tally) {
    expect_money(life, table, contract_left(life->state), tally);
}

void table_overpaid(struct life *life, const struct table *table, struct tally *tally) {
    expect_money(life, table, life_overpaid(life), tally);
}

void table_status(struct life *life, const struct table *table, struct tally *tally) {
    const char *have = !life->approved                               ? "submitted"
                       : !life->drawn                                ? "approved"
                       : money_is_positive(life_overpaid(life))      ? "overpaid"
                       : life->state->status == CONTRACT_SETTLED     ? "closed_obligations_met"
                       : life->state->status == CONTRACT_WRITTEN_OFF ? "closed_written_off"
                                                                     : "active";
    if (word_is(table->head, 0, have))
        vector_reproduced(tally);
    else
        vector_wrong(tally, table->head, "the status is %s: %s", have, table->head->rest);
}
