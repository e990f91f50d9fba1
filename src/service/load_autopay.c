/* load_autopay.c: automatic repayment as screens show it. See load_autopay.h. */
#include "service/load_autopay.h"

#include "engine/quote.h"
#include "store/credit_balance.h"

#include <string.h>

const char *const autopay_run_times[AUTOPAY_RUNS] = {"09:00", "15:00"};
enum { FIRST_RUN_S = 9 * 3600, PAYMENTS_LOOKED_AT = 20 };

struct words autopay_consent_words(void) {
    return (struct words){"我授权分期平台在每期还款日，按我选定的扣款来源及顺序，从我名下的银行卡或"
                          "账户余额中扣取当期应还"
                          "金额（含逾期部分及罚息）。扣款金额不超过当时应还金额；一个来源扣款失败时"
                          "依次尝试下一个。用途仅限"
                          "归还分期款项；授权自开启之日起至全部结清或我关闭自动还款之日止。每次扣款"
                          "前会提前通知，我可随时关闭。",
        "I authorise the platform to collect, on each due day, what is then due (overdue amounts "
        "and "
        "penalty included) from the funding sources that I chose and in that order: my own bank "
        "cards "
        "or credit balance. Never more than is due at that time; when one source fails the next is "
        "tried. Only to repay my instalments; from now until everything is paid off or I switch it "
        "off. I am told before each debit and can switch it off at any time."};
}

static enum status load_choices(struct tx *tx, int64_t customer_id, struct autopay_view *view) {
    int64_t ids[AUTOPAY_SOURCES_MAX];
    enum status status = STATUS_OK;
    view->choice_count = autopay_sources_read(view->settings.sources, ids);
    for (size_t i = 0; status == STATUS_OK && i < view->choice_count; i++) {
        view->choices[i].id = ids[i];
        if (ids[i] != 0)
            status = funding_source_load(tx, customer_id, ids[i], &view->choices[i].source);
    }
    return status;
}

/* The day's entry, in order of days; NULL when there is no room for another day. */
static struct autopay_day *day_of(struct autopay_view *view, struct day day) {
    size_t at = 0;
    while (at < view->day_count && day_compare(view->days[at].day, day) < 0)
        at++;
    if (at < view->day_count && day_compare(view->days[at].day, day) == 0)
        return &view->days[at];
    if (at == AUTOPAY_DAYS_SHOWN)
        return NULL;
    size_t moved = view->day_count - at;
    if (view->day_count < AUTOPAY_DAYS_SHOWN)
        view->day_count++;
    else
        moved--;
    memmove(&view->days[at + 1], &view->days[at], moved * sizeof view->days[0]);
    view->days[at] = (struct autopay_day){.day = day};
    return &view->days[at];
}

static void add_order(struct tx *tx, struct autopay_day *day, struct order *order) {
    for (size_t i = 0; i < day->order_count; i++)
        if (day->orders[i]->order_id == order->order_id)
            return;
    struct order **more = ARENA_ARRAY(tx_arena(tx), day->order_count + 1, struct order *);
    if (day->order_count)
        memcpy(more, day->orders, day->order_count * sizeof *more);
    more[day->order_count++] = order;
    day->orders = more;
}

/* What is past or due today is collected by tomorrow's run; the rest on its due day. */
static enum status add_contract(struct tx *tx, struct moment moment,
    const struct live_contract *contract, struct autopay_view *view) {
    struct due_quote *quote = ARENA_ROOM(tx_arena(tx), struct due_quote);
    quote_due(&contract->terms, &contract->state, moment.business_date, quote);
    if (money_is_zero(quote->left))
        return STATUS_OK;
    struct order *order;
    enum status status =
        order_load(tx, contract->stored->customer_id, contract->stored->order_id, &order);
    for (int32_t i = 0; status == STATUS_OK && order && i < quote->count; i++) {
        const struct instalment_quote *instalment = &quote->instalments[i];
        if (!money_is_positive(instalment->left))
            continue;
        struct day day = day_compare(instalment->due_day, moment.business_date) > 0
                             ? instalment->due_day
                             : day_add(moment.business_date, 1);
        struct autopay_day *entry = day_of(view, day);
        if (!entry)
            continue;
        entry->amount = money_add(entry->amount, instalment->left);
        add_order(tx, entry, order);
    }
    return status;
}

static void plan_days(struct autopay_view *view) {
    for (size_t i = 0; i < view->day_count; i++) {
        struct autopay_day *day = &view->days[i];
        for (size_t j = 0; j < view->choice_count; j++)
            day->plans[day->plan_count++] = (struct autopay_plan){
                .at = instant_add_seconds(day_start(day->day, ZONE_SHANGHAI), FIRST_RUN_S),
                .choice = view->choices[j],
                .amount = j == 0 ? day->amount : MONEY_ZERO,
                .is_fallback = j > 0,
                .order_count = day->order_count,
                .orders = day->orders,
            };
    }
}

/* The latest automatic debit, when it failed and what it was for is still owed. */
static enum status load_last_failure(
    struct tx *tx, struct moment moment, int64_t customer_id, struct autopay_view *view) {
    struct payment *payments;
    size_t count;
    enum status status = payment_page(tx, customer_id, 0, PAYMENT_ENTRY_AUTOPAY, INT64_MAX,
        PAYMENTS_LOOKED_AT, &payments, &count);
    if (status != STATUS_OK || count == 0 || payments[0].state != PAYMENT_FAILED)
        return status;
    struct live_contract *contract = NULL;
    if (payments[0].part_count > 0)
        status = load_contract(tx, customer_id, payments[0].parts[0].contract_id, &contract);
    if (status != STATUS_OK || !contract ||
        money_is_zero(collectable(&contract->terms, &contract->state, moment.business_date)))
        return status;
    view->last_failure = &payments[0];
    if (payments[0].funding_source_id == 0)
        return STATUS_OK;
    return funding_source_load(
        tx, customer_id, payments[0].funding_source_id, &view->last_failure_source);
}

enum status load_autopay_view(
    struct tx *tx, struct moment moment, int64_t customer_id, struct autopay_view *view) {
    *view = (struct autopay_view){0};
    struct live_contract **contracts;
    size_t count = 0;
    enum status status = autopay_load(tx, customer_id, &view->settings);
    if (status == STATUS_OK)
        status = credit_balance_load(tx, customer_id, &view->balance);
    if (status == STATUS_OK)
        status = load_choices(tx, customer_id, view);
    if (status == STATUS_OK && view->settings.enabled)
        status = load_contracts(tx, customer_id, &contracts, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        status = add_contract(tx, moment, contracts[i], view);
    plan_days(view);
    return status == STATUS_OK ? load_last_failure(tx, moment, customer_id, view) : status;
}
