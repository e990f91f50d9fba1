/*
 * extension.c: more time for an instalment. See extension.h.
 */
#include "service/extension.h"

#include "base/check.h"
#include "base/public_number.h"
#include "service/send_notice.h"
#include "store/audit.h"
#include "store/event_log.h"
#include "store/payment.h"

#include <string.h>

/* The numbers of days that are offered, as far as the terms allow them. */
static const int32_t days_on_offer[EXTENSION_CHOICES_MAX] = {7, 14, 30};

/* The first open instalment that is overdue or due; NULL: none. */
static const struct instalment_quote *open_instalment(const struct due_quote *quote) {
    for (int32_t i = 0; i < quote->count; i++) {
        const struct instalment_quote *instalment = &quote->instalments[i];
        bool now = instalment->state == INSTALMENT_OVERDUE || instalment->state == INSTALMENT_DUE;
        if (now && money_is_positive(instalment->left)) {
            return instalment;
        }
    }
    return NULL;
}

static void fill_choices(const struct extension_subject *subject, struct day day,
    const struct instalment_quote *instalment, struct extension_offer *offer) {
    for (size_t i = 0; i < EXTENSION_CHOICES_MAX; i++) {
        struct extension_quote quote;
        quote_extension(
            subject->terms, subject->state, day, instalment->number, days_on_offer[i], &quote);
        if (quote.refusal == CONTRACT_OK) {
            offer->choices[offer->choice_count++] = (struct extension_choice){
                .instalment_number = instalment->number,
                .due_day = instalment->due_day,
                .left = quote.left,
                .days = days_on_offer[i],
                .new_due_day = quote.new_due_day,
                .cost = quote.cost,
            };
        }
    }
}

static enum extension_reason reason_of(
    const struct extension_subject *subject, struct day day, struct extension_offer *offer) {
    if (subject->state->status != CONTRACT_ACTIVE) {
        return EXTENSION_NO_CONTRACT;
    }
    if (offer->used_count >= offer->max_count) {
        return EXTENSION_NOT_OFFERED;
    }
    if (offer->latest != NULL && offer->latest->state == EXTENSION_WAITING) {
        return EXTENSION_REQUESTED;
    }
    struct due_quote quote;
    quote_due(subject->terms, subject->state, day, &quote);
    if (quote.days_overdue > EXTENSION_OVERDUE_DAYS_MAX) {
        return EXTENSION_TOO_LATE;
    }
    const struct instalment_quote *instalment = open_instalment(&quote);
    if (instalment == NULL) {
        return EXTENSION_TOO_EARLY;
    }
    fill_choices(subject, day, instalment, offer);
    return offer->choice_count > 0 ? EXTENSION_POSSIBLE : EXTENSION_NO_CHOICE;
}

void make_extension_offer(const struct extension_subject *subject, struct day day,
    const struct extension_request *requests, size_t request_count, struct extension_offer *offer) {
    *offer = (struct extension_offer){.reason = EXTENSION_NO_CONTRACT};
    if (subject == NULL) {
        return;
    }
    for (size_t i = 0; i < request_count && offer->latest == NULL; i++) {
        if (requests[i].contract_id == subject->contract_id) {
            offer->latest = &requests[i];
        }
    }
    offer->used_count = subject->state->extension_count;
    offer->max_count = subject->terms->extension.max_times;
    offer->reason = reason_of(subject, day, offer);
}

const char *extension_reason_zh(enum extension_reason reason) {
    switch (reason) {
    case EXTENSION_POSSIBLE:
        return "可以申请延期，由工作人员审核";
    case EXTENSION_NO_CONTRACT:
        return "这笔订单没有需要还的款项";
    case EXTENSION_NOT_OFFERED:
        return "本产品不支持延期，或延期次数已用完";
    case EXTENSION_REQUESTED:
        return "已有一个延期申请在审核中";
    case EXTENSION_TOO_LATE:
        return "逾期已超过 60 天，请联系人工客服协商还款";
    case EXTENSION_TOO_EARLY:
        return "目前没有到期或逾期的款项，到期前 7 天内可以申请";
    case EXTENSION_NO_CHOICE:
        return "允许的延期天数不足以将还款日移到今天之后，请联系人工客服";
    }
    return "";
}

const char *extension_reason_en(enum extension_reason reason) {
    switch (reason) {
    case EXTENSION_POSSIBLE:
        return "You can ask for an extension; a member of staff decides";
    case EXTENSION_NO_CONTRACT:
        return "Nothing is to be repaid for this order";
    case EXTENSION_NOT_OFFERED:
        return "This product has no extensions, or they are used up";
    case EXTENSION_REQUESTED:
        return "A request is waiting for its decision";
    case EXTENSION_TOO_LATE:
        return "Overdue for more than 60 days; please talk to a person about a plan";
    case EXTENSION_TOO_EARLY:
        return "Nothing is due yet; you can ask from 7 days before the due day";
    case EXTENSION_NO_CHOICE:
        return "The days allowed would not move the due day past today; please talk to a person";
    }
    return "";
}

/* The choice that the command names, or NULL. */
static const struct extension_choice *find_choice(
    const struct extension_offer *offer, const struct request_extension *command) {
    for (size_t i = 0; i < offer->choice_count; i++) {
        const struct extension_choice *choice = &offer->choices[i];
        if (choice->instalment_number == command->instalment_number &&
            choice->days == command->days) {
            return choice;
        }
    }
    return NULL;
}

/* Tells the staff's screens that the inbox has changed. */
static enum status tell_staff(
    struct tx *tx, struct moment moment, const struct extension_request *request) {
    struct arena *arena = tx_arena(tx);
    return event_log_append(tx, moment.now, EVENT_LOG_STAFF, "x",
        arena_printf(arena, "\"customer_id\":\"%lld\"", (long long)request->customer_id));
}

static enum status save_request(struct tx *tx, struct moment moment,
    const struct request_extension *command, const struct order *order,
    const struct extension_choice *choice, struct request_extension_answer *answer) {
    struct extension_request *request = ARENA_NEW(tx_arena(tx), struct extension_request);
    *request = (struct extension_request){
        .customer_id = order->customer_id,
        .request_id = tx_new_id(tx, moment.now),
        .order_id = order->order_id,
        .contract_id = order->contract_id,
        .instalment_number = choice->instalment_number,
        .days = choice->days,
        .cost = choice->cost,
        .reason = command->reason,
        .state = EXTENSION_WAITING,
        .created_at = moment.now,
        .answer_by = instant_add_seconds(moment.now, EXTENSION_ANSWER_S),
    };
    answer->request = request;
    enum status status = extension_request_insert(tx, request);
    if (status != STATUS_OK) {
        return status;
    }
    char day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {.order = order->title,
        .date = day_to_text(choice->new_due_day, day),
        .order_id = order->order_id};
    status = send_notice(tx, moment, order->customer_id, MESSAGE_EXTENSION_REQUESTED, &parameters);
    return status == STATUS_OK ? tell_staff(tx, moment, request) : status;
}

enum status request_extension(struct tx *tx, struct moment moment,
    const struct request_extension *command, struct request_extension_answer *answer) {
    *answer = (struct request_extension_answer){.outcome = REQUEST_EXTENSION_ORDER_NOT_FOUND};
    struct order *order;
    enum status status = order_load(tx, command->customer_id, command->order_id, &order);
    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    struct live_contract *contract = NULL;
    if (order->contract_id != 0) {
        status = load_contract(tx, order->customer_id, order->contract_id, &contract);
    }
    struct extension_request *requests = NULL;
    size_t count = 0;
    if (status == STATUS_OK) {
        status = extension_request_of_customer(tx, order->customer_id, &requests, &count);
    }
    if (status != STATUS_OK) {
        return status;
    }
    struct extension_offer offer;
    struct extension_subject subject = {order->contract_id,
        contract == NULL ? NULL : &contract->terms, contract == NULL ? NULL : &contract->state};
    make_extension_offer(
        contract == NULL ? NULL : &subject, moment.business_date, requests, count, &offer);
    answer->reason = offer.reason;
    const struct extension_choice *choice = find_choice(&offer, command);
    if (offer.reason == EXTENSION_REQUESTED) {
        answer->outcome = REQUEST_EXTENSION_WAITING;
    } else if (choice == NULL) {
        answer->outcome = REQUEST_EXTENSION_NOT_ELIGIBLE;
    } else if (money_compare(choice->cost, command->expected_cost) != 0) {
        answer->outcome = REQUEST_EXTENSION_COST_CHANGED;
    } else {
        answer->outcome = REQUEST_EXTENSION_OK;
        status = save_request(tx, moment, command, order, choice, answer);
    }
    return status;
}

/* Whether a payment on its way is meant for the instalment: it must end before the terms change. */
static enum status is_collected(
    struct tx *tx, const struct extension_request *request, bool *collected) {
    struct live_collection *live;
    size_t count;
    *collected = false;
    enum status status = live_collection_list(tx, request->customer_id, &live, &count);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (live[i].contract_id == request->contract_id &&
            live[i].instalment == request->instalment_number) {
            *collected = true;
        }
    }
    return status;
}

/* Grants the extension as an event; *granted is false when it cannot be any more. */
static enum status grant(struct tx *tx, struct moment moment,
    const struct extension_request *request, struct day *new_due_day, bool *granted) {
    *granted = false;
    struct live_contract *contract;
    enum status status = load_contract(tx, request->customer_id, request->contract_id, &contract);
    if (status != STATUS_OK || contract == NULL) {
        return status;
    }
    bool collected;
    status = is_collected(tx, request, &collected);
    if (status != STATUS_OK || collected) {
        return status;
    }
    struct day day = moment.business_date;
    if (contract->state.status != CONTRACT_ACTIVE || day_compare(contract->state.day, day) > 0) {
        return STATUS_OK;
    }
    struct extension_quote quote;
    quote_extension(
        &contract->terms, &contract->state, day, request->instalment_number, request->days, &quote);
    if (quote.refusal != CONTRACT_OK || money_compare(quote.cost, request->cost) > 0) {
        return STATUS_OK;
    }
    *new_due_day = quote.new_due_day;
    struct contract_event event = {.kind = EVENT_EXTENSION_GRANTED,
        .day = day,
        .instalment = request->instalment_number,
        .days = request->days};
    struct applied_event *applied;
    status = apply_contract_event(tx, moment, contract, event, request->request_id, &applied);
    *granted = status == STATUS_OK && applied->outcome == APPLY_OK;
    return status;
}

static enum status tell_decision(struct tx *tx, struct moment moment,
    const struct extension_request *request, struct day new_due_day) {
    struct order *order;
    enum status status = order_load(tx, request->customer_id, request->order_id, &order);
    if (status != STATUS_OK || order == NULL) {
        return status;
    }
    bool approved = request->state == EXTENSION_APPROVED;
    char day[DAY_TEXT_SIZE];
    struct message_parameters parameters = {.order = order->title,
        .date = approved ? day_to_text(new_due_day, day) : NULL,
        .reason = request->note,
        .order_id = order->order_id};
    return send_notice(tx, moment, request->customer_id,
        approved ? MESSAGE_EXTENSION_GRANTED : MESSAGE_EXTENSION_REFUSED, &parameters);
}

/* Who decided what, and why: kept for the auditor. */
static enum status audit_decision(
    struct tx *tx, struct moment moment, const struct extension_request *request) {
    char number[PUBLIC_NUMBER_SIZE];
    struct audit_record record = {
        .customer_id = request->customer_id,
        .actor_kind = ACTOR_STAFF,
        .actor_id = request->decided_by,
        .action =
            request->state == EXTENSION_APPROVED ? "extension_approved" : "extension_rejected",
        .subject = public_number_write(
            PUBLIC_EXTENSION_REQUEST, request->customer_id, request->request_id, number),
        .created_at = moment.now,
    };
    return audit_insert(tx, &record);
}

enum status decide_extension(struct tx *tx, struct moment moment,
    const struct decide_extension *command, struct decide_extension_answer *answer) {
    *answer = (struct decide_extension_answer){.outcome = DECIDE_EXTENSION_NOT_FOUND};
    struct extension_request *request;
    enum status status =
        extension_request_load(tx, command->customer_id, command->request_id, &request);
    if (status != STATUS_OK || request == NULL) {
        return status;
    }
    if (request->state != EXTENSION_WAITING) {
        answer->outcome = DECIDE_EXTENSION_DECIDED;
        return STATUS_OK;
    }
    if (!command->approve && command->note[strspn(command->note, " \t\n")] == '\0') {
        answer->outcome = DECIDE_EXTENSION_NOTE_REQUIRED;
        return STATUS_OK;
    }
    struct day new_due_day = DAY_NONE;
    if (command->approve) {
        bool granted;
        status = grant(tx, moment, request, &new_due_day, &granted);
        if (status != STATUS_OK || !granted) {
            answer->outcome = DECIDE_EXTENSION_NOT_ELIGIBLE;
            return status;
        }
    }
    request->state = command->approve ? EXTENSION_APPROVED : EXTENSION_REJECTED;
    request->decided_at = moment.now;
    request->decided_by = command->staff_id;
    request->note = command->note;
    bool decided;
    status = extension_request_decide(tx, request, &decided);
    check(status != STATUS_OK || decided);
    answer->outcome = DECIDE_EXTENSION_OK;
    answer->request = request;
    if (status == STATUS_OK) {
        status = audit_decision(tx, moment, request);
    }
    if (status == STATUS_OK) {
        status = tell_staff(tx, moment, request);
    }
    return status == STATUS_OK ? tell_decision(tx, moment, request, new_due_day) : status;
}
