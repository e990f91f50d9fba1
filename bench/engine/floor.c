/* floor.c: the plan in double precision. Exports what floor.h declares. */
#include "floor.h"

void floor_build(const struct floor_terms *terms, struct floor_plan *plan) {
    double rate = terms->annual_rate / 12;
    double factor = 1;
    double sum = 0;
    for (int32_t i = 0; i < terms->count; i++) {
        factor /= 1 + rate;
        sum += factor;
    }
    double level = terms->principal / sum;
    double balance = terms->principal;
    plan->level = level;
    for (int32_t i = 0; i < terms->count; i++) {
        struct floor_row *row = &plan->rows[i];
        row->opening = balance;
        row->interest = balance * rate;
        row->principal = level - row->interest;
        balance -= row->principal;
    }
}
