/*
 * fineract_tables.h: published tables held against a life. Exports: table_schedule(),
 * table_totals(), table_transactions(), table_journal(),
 * table_outstanding(), table_overpaid(), table_status().
 *
 * Each takes the line that begins the table and the lines of its rows, and tells the tally one
 * expectation. The life has been run.
 */
#ifndef FENQI_TESTS_VECTORS_FINERACT_TABLES_H
#define FENQI_TESTS_VECTORS_FINERACT_TABLES_H

#include "fineract_life.h"

struct table {
    const struct vector_line *head;
    const struct vector_line *rows;
    int32_t count;
};

void table_schedule(struct life *life, const struct table *table, struct tally *tally);
void table_totals(struct life *life, const struct table *table, struct tally *tally);
void table_transactions(struct life *life, const struct table *table, struct tally *tally);
void table_journal(struct life *life, const struct table *table, struct tally *tally);
void table_outstanding(struct life *life, const struct table *table, struct tally *tally);
void table_overpaid(struct life *life, const struct table *table, struct tally *tally);
void table_status(struct life *life, const struct table *table, struct tally *tally);

#endif
