/* books_check.c: how differences are told and rows are found. See books_check.h. */
#include "service/books_check.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

void check_start(struct check *check, struct tx *tx, struct books_page *page) {
    *check = (struct check){.tx = tx, .page = page};
    *page = (struct books_page){0};
    page->end = &page->first;
}

int64_t plus(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

void differ(const struct check *check, const char *format, ...) {
    char text[240];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct difference *difference = ARENA_NEW(tx_arena(check->tx), struct difference);
    difference->text = arena_text(tx_arena(check->tx), text);
    *check->page->end = difference;
    check->page->end = &difference->next;
    check->page->report.differences++;
}

struct name name_of(enum public_number_kind kind, int64_t customer_id, int64_t id) {
    struct name name;
    if (customer_id >= 0 && id >= 0)
        public_number_write(kind, customer_id, id, name.text);
    else
        snprintf(name.text, sizeof name.text, "%" PRId64 " of customer %" PRId64, id, customer_id);
    return name;
}

struct name contract_name(const struct stored_contract *contract) {
    struct name name, order = name_of(PUBLIC_ORDER, contract->customer_id, contract->order_id);
    snprintf(name.text, sizeof name.text, "order %.50s", order.text);
    return name;
}

struct name chain_name(const struct check *check, int64_t customer_id, int64_t chain_id) {
    struct name name;
    size_t place = contract_place(check, customer_id, chain_id);
    if (place < check->contract_count)
        return contract_name(&check->contracts[place]);
    if (chain_id == 0)
        snprintf(name.text, sizeof name.text, "customer %" PRId64, customer_id);
    else
        name = name_of(PUBLIC_CONTRACT, customer_id, chain_id);
    return name;
}

size_t contract_place(const struct check *check, int64_t customer_id, int64_t contract_id) {
    size_t low = 0, high = check->contract_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct stored_contract *at = &check->contracts[middle];
        if (at->customer_id < customer_id ||
            (at->customer_id == customer_id && at->contract_id < contract_id))
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < check->contract_count && check->contracts[low].customer_id == customer_id &&
                 check->contracts[low].contract_id == contract_id;
    return found ? low : check->contract_count;
}

void books_report_add(struct books_report *sum, const struct books_report *more) {
    sum->contracts += more->contracts;
    sum->events += more->events;
    sum->entries += more->entries;
    sum->chains += more->chains;
    sum->payments += more->payments;
    sum->days += more->days;
    sum->debits = plus(sum->debits, more->debits);
    sum->credits = plus(sum->credits, more->credits);
    sum->differences += more->differences;
}
