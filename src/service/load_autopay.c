/* load_autopay.c: automatic repayment as screens show it. See load_autopay.h. */
#include "service/load_autopay.h"

#include "engine/quote.h"
#include "service/payment_view.h"

#include <string.h>

const char *const autopay_run_times[AUTOPAY_RUNS] = {"09:00", "15:00"};
enum { FIRST_RUN_S = 9 * 3600 };

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

static void view_choices(const struct customer_file *file, struct autopay_view *view) {
    int64_t ids[AUTOPAY_SOURCES_MAX];
    view->choice_count = autopay_sources_read(view->settings.sources, ids);
    for (size_t i = 0; i < view->choice_count; i++)
        view->choices[i] =
            (struct autopay_choice){ids[i], ids[i] == 0 ? NULL : source_of_file(file, ids[i])};
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

static void add_order(struct arena *arena, struct autopay_day *day, struct order *order) {
    for (size_t i = 0; i < day->order_count; i++)
        if (day->orders[i]->order_id == order->order_id)
            return;
    struct order **more = ARENA_ARRAY(arena, day->order_count + 1, struct order *);
    if (day->order_count)
        memcpy(more, day->orders, day->order_count * sizeof *more);
    more[day->order_count++] = order;
    day->orders = more;
}

/* What is past or due today is collected by tomorrow's run; the rest on its due day. */
static void add_contract(struct arena *arena, struct day today, const struct order_view *order,
    struct autopay_view *view) {
    const struct due_quote *quote = order->quote;
    for (int32_t i = 0; i < quote->count; i++) {
        const struct instalment_quote *instalment = &quote->instalments[i];
        if (!money_is_positive(instalment->left))
            continue;
        struct day day =
            day_compare(instalment->due_day, today) > 0 ? instalment->due_day : day_add(today, 1);
        struct autopay_day *entry = day_of(view, day);
        if (!entry)
            continue;
        entry->amount = money_add(entry->amount, instalment->left);
        add_order(arena, entry, &order->row->order);
    }
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

/* Whether something of the contract may be collected today. */
static bool is_collectable(const struct due_quote *quote, struct day today) {
    for (int32_t i = 0; i < quote->count; i++)
        if (day_compare(quote->instalments[i].due_day, today) <= 0 &&
            money_is_positive(quote->instalments[i].left))
            return true;
    return false;
}

/* The latest automatic debit, when it failed and what it was for is still owed. */
static void view_last_failure(struct day today, const struct customer_file *file,
    const struct order_view *orders, size_t count, struct autopay_view *view) {
    struct payment *latest = NULL;
    for (size_t i = 0; i < file->payment_count && latest == NULL; i++)
        if (file->payments[i].entry == PAYMENT_ENTRY_AUTOPAY)
            latest = &file->payments[i];
    if (latest == NULL || latest->state != PAYMENT_FAILED || latest->part_count == 0)
        return;
    for (size_t i = 0; i < count; i++)
        if (orders[i].row->order.contract_id == latest->parts[0].contract_id &&
            orders[i].quote != NULL && is_collectable(orders[i].quote, today))
            view->last_failure = latest;
    if (view->last_failure != NULL && latest->funding_source_id != 0)
        view->last_failure_source = source_of_file(file, latest->funding_source_id);
}

void view_autopay(struct arena *arena, struct moment moment, const struct customer_file *file,
    const struct order_view *orders, size_t count, struct autopay_view *view) {
    *view = (struct autopay_view){.settings = file->autopay, .balance = file->credit_balance};
    view_choices(file, view);
    for (size_t i = count; view->settings.enabled && i-- > 0;)
        if (orders[i].quote != NULL)
            add_contract(arena, moment.business_date, &orders[i], view);
    plan_days(view);
    view_last_failure(moment.business_date, file, orders, count, view);
}

enum status load_autopay_view(
    struct tx *tx, struct moment moment, int64_t customer_id, struct autopay_view *view) {
    struct customer_file file;
    struct order_view *orders, *none;
    size_t count = 0;
    enum status status = customer_file_load(tx, customer_id, 0, &file);
    if (status == STATUS_OK)
        status = load_order_file(tx, moment, customer_id, 0, &orders, &count, &none);
    if (status == STATUS_OK)
        view_autopay(tx_arena(tx), moment, &file, orders, count, view);
    return status;
}
