/*
 * statement.h: how an aggregate runs its prepared queries; only files of src/store include it.
 * Exports: struct statement and the functions that start, bind, step, read and end it.
 *
 * A query is a file AGGREGATE_verb.sql in sql/queries; its name in C is QUERY_AGGREGATE_VERB
 * (store/query.h, generated at build; a new file is picked up by the next build). Start it, bind
 * every parameter by the number that it has in the file ($1 is 1), step over the rows and read
 * their columns by place (the first is 0), end it:
 *
 *     enum status setting_load(struct tx *tx, const char *name, char **value) {
 *         struct statement *statement = statement_start(tx, QUERY_SETTING_LOAD);
 *         statement_bind_text(statement, 1, name);
 *         *value = statement_step(statement) ? statement_text(statement, 0) : NULL;
 *         return statement_end(statement);
 *     }
 *
 *     enum status setting_save(struct tx *tx, const char *name, const char *value) {
 *         struct statement *statement = statement_start(tx, QUERY_SETTING_SAVE);
 *         statement_bind_text(statement, 1, name);
 *         statement_bind_text(statement, 2, value);
 *         return statement_run(statement);
 *     }
 *
 * The first failure sticks: after it bind does nothing and step gives false; statement_end or
 * statement_run returns it, with its text in tx_fault(). One of the two must be called, and the
 * statement is gone afterwards. A unique key that stands already is STATUS_CONFLICT; the unit must
 * then return it (the transaction of the unit cannot go on); to decide on duplicates write
 * ON CONFLICT DO NOTHING and look at the count of changed rows. src/store/setting.c is the
 * aggregate to imitate.
 *
 * Statements may overlap, except two of the same query. Texts and bytes are copied to the unit's
 * arena; they stay after the next step. Columns must be integers, texts or bytes on both databases:
 * write CAST(SUM(amount_fen) AS BIGINT), because PostgreSQL sums into a decimal number, and
 * CAST($1 AS BIGINT) where nothing else tells a parameter's type.
 */
#ifndef FENQI_STORE_STATEMENT_H
#define FENQI_STORE_STATEMENT_H

#include "base/day.h"
#include "base/money.h"
#include "base/rate.h"
#include "store/query.h"
#include "store/store.h"

struct statement;

/* Never NULL. Starting a query that is running already in this transaction is a bug. */
struct statement *statement_start(struct tx *tx, enum query query);

/*
 * Binding: `number` is that of $number. Every parameter must be bound, once. A NULL text, bytes
 * whose `at` is NULL, DAY_NONE and an instant of 0 are stored as NULL. Text must be UTF-8
 * (otherwise STATUS_INVALID).
 */
void statement_bind_integer(struct statement *statement, int number, int64_t value);
void statement_bind_boolean(struct statement *statement, int number, bool value);
void statement_bind_text(struct statement *statement, int number, const char *text);
void statement_bind_bytes(struct statement *statement, int number, struct bytes bytes);
void statement_bind_null(struct statement *statement, int number);
void statement_bind_money(struct statement *statement, int number, struct money value);
void statement_bind_rate(struct statement *statement, int number, struct rate value);
void statement_bind_day(struct statement *statement, int number, struct day value);
void statement_bind_instant(struct statement *statement, int number, struct instant value);

/* Moves to the next row; false at the end and after a failure. */
bool statement_step(struct statement *statement) FENQI_MUST_USE;

/*
 * Reading the current row: `column` counts from 0. NULL reads as 0, false, NULL, {NULL, 0},
 * DAY_NONE, {0}. A column of another type, or a number out of the range of money, day or rate, is
 * STATUS_CORRUPT and reads as NULL does.
 */
bool statement_is_null(struct statement *statement, int column);
int64_t statement_integer(struct statement *statement, int column);
int32_t statement_integer32(struct statement *statement, int column);
bool statement_boolean(struct statement *statement, int column);
char *statement_text(struct statement *statement, int column);
struct bytes statement_bytes(struct statement *statement, int column);
struct money statement_money(struct statement *statement, int column);
struct rate statement_rate(struct statement *statement, int column);
struct day statement_day(struct statement *statement, int column);
struct instant statement_instant(struct statement *statement, int column);

/* Ends the statement, with rows left or not: STATUS_OK or the first failure. */
enum status statement_end(struct statement *statement) FENQI_MUST_USE;

/*
 * In place of stepping: tells that this unit is going to run the same query with the same values,
 * and ends the statement. Where a statement costs a round trip it then travels with the unit's next
 * one. A hint: nothing depends on it, and it need not come true.
 */
void statement_foresee(struct statement *statement);

/* For statements that give no rows: steps to the end and ends. */
enum status statement_run(struct statement *statement) FENQI_MUST_USE;

/* The same, with the number of rows inserted, updated or deleted (0 after a failure). */
enum status statement_run_changed(struct statement *statement, int64_t *changed) FENQI_MUST_USE;

#endif
