/*
 * load_autopay.h: automatic repayment as screens show it. Exports: struct autopay_view and its
 * parts, view_autopay(), load_autopay_view(), AUTOPAY_CONSENT_VERSION, autopay_consent_words().
 *
 * What will be tried, when, from where; what was tried last and why it failed. Times of day are
 * those of the two runs; the first one follows the day-end.
 */
#ifndef FENQI_SERVICE_LOAD_AUTOPAY_H
#define FENQI_SERVICE_LOAD_AUTOPAY_H

#include "service/collect_due.h"
#include "service/order_view.h"
#include "service/source_words.h"
#include "store/customer_file.h"
#include "store/order.h"

#define AUTOPAY_CONSENT_VERSION "2026-11"
enum { AUTOPAY_DAYS_SHOWN = 12 };

extern const char *const autopay_run_times[AUTOPAY_RUNS]; /* "09:00", "15:00" */

/* The text that the customer agrees to. */
struct words autopay_consent_words(void);

/* A source in the customer's order; `source` NULL is the credit balance. */
struct autopay_choice {
    int64_t id; /* 0: the credit balance */
    struct funding_source *source;
};

/* One debit that will be tried. */
struct autopay_plan {
    struct instant at;
    struct autopay_choice choice;
    struct money amount; /* 0: depends on those before it */
    bool is_fallback;
    size_t order_count;
    struct order **orders;
};

struct autopay_day {
    struct day day;
    struct money amount;
    size_t order_count;
    struct order **orders;
    size_t plan_count;
    struct autopay_plan plans[AUTOPAY_SOURCES_MAX];
};

struct autopay_view {
    struct autopay settings;
    size_t choice_count;
    struct autopay_choice choices[AUTOPAY_SOURCES_MAX];
    size_t day_count; /* empty when it is off or nothing is to come */
    struct autopay_day days[AUTOPAY_DAYS_SHOWN];
    struct payment *last_failure; /* the latest debit that failed and is not cured; NULL: none */
    struct funding_source *last_failure_source;
    struct money balance;
};

/*
 * Of a customer's file and all orders with their quotes (needed only where automatic repayment was
 * ever set). days[0].plans are the next attempts.
 */
void view_autopay(struct arena *arena, struct moment moment, const struct customer_file *file,
    const struct order_view *orders, size_t count, struct autopay_view *view);

/* The same, loaded by two statements. */
enum status load_autopay_view(struct tx *tx, struct moment moment, int64_t customer_id,
    struct autopay_view *view) FENQI_MUST_USE;

#endif
