/*
 * life.c: a contract's life by libfenqi-engine alone, as C and as C++. Prints its figures.
 */
#include <fenqi/engine.h>

#include <stdio.h>
#include <string.h>

static struct fenqi_terms terms;
static struct fenqi_contract_state state;
static struct fenqi_contract_state after;
static struct fenqi_contract_update update;
static struct fenqi_settle_quote settle;
static struct fenqi_schedule schedule;
static struct fenqi_explanation explanation;

static void print_money(const char *what, struct fenqi_money amount) {
    char text[FENQI_MONEY_TEXT_SIZE];
    printf("%s %s\n", what, fenqi_money_to_yuan(amount, text));
}

static enum fenqi_contract_refusal happen(struct fenqi_contract_event event) {
    event.sequence = state.last_sequence + 1;
    return fenqi_contract_step(&terms, &state, &event, &update);
}

static struct fenqi_contract_event event_on(
    enum fenqi_contract_event_kind kind, int32_t year, int32_t month, int32_t day) {
    struct fenqi_contract_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.day = fenqi_day_from_civil(year, month, day);
    return event;
}

int main(void) {
    if (fenqi_engine_layout() != FENQI_ENGINE_LAYOUT) {
        fputs("the library is not the header's\n", stderr);
        return 1;
    }
    terms = fenqi_terms_defaults();
    terms.method = FENQI_METHOD_EQUAL_INSTALMENT;
    terms.principal.fen = 1000000;
    terms.instalment_count = 12;
    terms.annual_rate.per_billion = 120000000;
    terms.start_day = fenqi_day_from_civil(2026, 1, 15);
    printf("refused %d\n", (int)fenqi_terms_validate(&terms));
    fenqi_schedule_build(&terms, &schedule);
    print_money("first interest", schedule.rows[0].interest);

    fenqi_contract_new(&state);
    printf("activated %d\n", (int)happen(event_on(FENQI_EVENT_ACTIVATED, 2026, 1, 15)));
    struct fenqi_contract_event payment = event_on(FENQI_EVENT_PAYMENT_SETTLED, 2026, 2, 15);
    payment.amount.fen = 88849;
    payment.target = FENQI_TARGET_DUE;
    printf("paid %d\n", (int)happen(payment));
    printf("%d lines, %s first\n", (int)update.paid_count,
        fenqi_movement_name(update.movements[0].movement));
    payment.amount.fen = 0;
    printf("nothing paid: %s\n", fenqi_contract_refusal_name(happen(payment)));
    print_money("left", fenqi_contract_left(&state));

    struct fenqi_day day = fenqi_day_from_civil(2026, 3, 2);
    fenqi_quote_settle(&terms, &state, day, &settle);
    print_money("settles", settle.total);
    fenqi_explain_settle(&terms, &state, day, &explanation);
    print_money("explained", explanation.total);
    fenqi_quote_payment(&terms, &state, day, settle.total, FENQI_TARGET_SETTLE, 0, &after, &update);
    printf("then settled %d\n", after.status == FENQI_CONTRACT_SETTLED);
    return 0;
}
