/* kinds.c: the table of kinds. A new kind: one `extern` line, one row, one source in meson.build.
 */
#include "kinds.h"

#include <string.h>

extern const struct vector_kind kind_amortisation_table;
extern const struct vector_kind kind_annual_cost;
extern const struct vector_kind kind_cn_holidays;
extern const struct vector_kind kind_crypto;
extern const struct vector_kind kind_date_rolls;
extern const struct vector_kind kind_daycount;
extern const struct vector_kind kind_fineract;
extern const struct vector_kind kind_fineract_emi;
extern const struct vector_kind kind_ledger;
extern const struct vector_kind kind_month_end_days;
extern const struct vector_kind kind_rounding;
extern const struct vector_kind kind_spreadsheet_dates;
extern const struct vector_kind kind_loan_figures;
extern const struct vector_kind kind_spreadsheet_money;

static const struct vector_kind *const kinds[] = {
    &kind_amortisation_table,
    &kind_annual_cost,
    &kind_cn_holidays,
    &kind_crypto,
    &kind_date_rolls,
    &kind_daycount,
    &kind_fineract,
    &kind_fineract_emi,
    &kind_ledger,
    &kind_month_end_days,
    &kind_rounding,
    &kind_spreadsheet_dates,
    &kind_loan_figures,
    &kind_spreadsheet_money,
};

const struct vector_kind *vector_kind_named(const char *name) {
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kinds[i]->name, name) == 0)
            return kinds[i];
    return NULL;
}
