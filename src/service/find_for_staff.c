/* find_for_staff.c: the console's one search box. See find_for_staff.h. */
#include "service/find_for_staff.h"

#include "service/customer_position.h"
#include "service/find_or_create_customer.h"
#include "store/extension_request.h"
#include "store/order.h"
#include "store/payment.h"
#include "store/shop.h"

#include <string.h>

enum { SHOPS_A_TIME = 50 };

struct search {
    struct tx *tx;
    struct moment moment;
    struct staff_hit *hits;
    size_t count;
};

static enum status add_hit(
    struct search *search, int64_t customer_id, enum staff_match match, const char *number) {
    if (search->count == STAFF_HITS_MAX)
        return STATUS_OK;
    struct staff_hit *hit = &search->hits[search->count];
    *hit = (struct staff_hit){.match = match, .number = number};
    bool found;
    enum status status = customer_load(search->tx, customer_id, &hit->customer, &found);
    if (status != STATUS_OK || !found)
        return status;
    struct customer_position position;
    status = load_customer_position(search->tx, search->moment, customer_id, &position);
    hit->overdue = position.overdue;
    search->count++;
    return status;
}

/* The query without blanks at its ends, letters large: how our numbers are written. */
static const char *tidy(struct tx *tx, const char *query) {
    char *text = arena_text(tx_arena(tx), query + strspn(query, " \t"));
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        text[--length] = '\0';
    return text;
}

static const char *large(struct tx *tx, const char *text) {
    char *copy = arena_text(tx_arena(tx), text);
    for (char *at = copy; *at != '\0'; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return copy;
}

/* ---- each kind of thing ---- */

static enum status find_phone(struct search *search, const struct vault *vault, const char *query) {
    if (!phone_is_valid(query))
        return STATUS_OK;
    int64_t customer_id;
    enum status status = find_customer(search->tx, vault, query, &customer_id);
    if (status != STATUS_OK || customer_id == 0)
        return status;
    return add_hit(search, customer_id, STAFF_MATCH_PHONE, NULL);
}

static enum status find_order(struct search *search, const char *query) {
    struct public_number number;
    if (!public_number_read(query, PUBLIC_ORDER, &number))
        return STATUS_OK;
    struct order *order;
    enum status status = order_load(search->tx, number.customer_id, number.id, &order);
    if (status != STATUS_OK || order == NULL)
        return status;
    return add_hit(search, number.customer_id, STAFF_MATCH_ORDER, query);
}

static enum status find_payment(struct search *search, const char *query) {
    struct public_number number;
    if (!public_number_read(query, PUBLIC_PAYMENT, &number) &&
        !public_number_read(query, PUBLIC_REFUND, &number))
        return STATUS_OK;
    struct payment *payment;
    enum status status = payment_load(search->tx, number.customer_id, number.id, &payment);
    if (status != STATUS_OK || payment == NULL)
        return status;
    return add_hit(search, number.customer_id, STAFF_MATCH_PAYMENT, query);
}

static enum status find_request(struct search *search, const char *query) {
    struct public_number number;
    if (!public_number_read(query, PUBLIC_EXTENSION_REQUEST, &number))
        return STATUS_OK;
    struct extension_request *request;
    enum status status =
        extension_request_load(search->tx, number.customer_id, number.id, &request);
    if (status != STATUS_OK || request == NULL)
        return status;
    return add_hit(search, number.customer_id, STAFF_MATCH_EXTENSION_REQUEST, query);
}

static enum status add_shop_order(struct search *search, int64_t shop_id, const char *query) {
    struct shop_order_place *place;
    enum status status = shop_order_find(search->tx, shop_id, query, &place);
    if (status != STATUS_OK || place == NULL)
        return status;
    char *number = arena_allocate(tx_arena(search->tx), PUBLIC_NUMBER_SIZE);
    public_number_write(PUBLIC_ORDER, place->customer_id, place->order_id, number);
    return add_hit(search, place->customer_id, STAFF_MATCH_SHOP_ORDER, number);
}

/* Shops number their orders by themselves: each is asked. */
static enum status find_shop_order(struct search *search, const char *query) {
    struct shop *shops;
    size_t count;
    int64_t after_id = 0;
    do {
        enum status status = shop_list(search->tx, after_id, SHOPS_A_TIME, &shops, &count);
        for (size_t i = 0; status == STATUS_OK && i < count; i++)
            status = add_shop_order(search, shops[i].shop_id, query);
        if (status != STATUS_OK)
            return status;
        after_id = count > 0 ? shops[count - 1].shop_id : 0;
    } while (count == SHOPS_A_TIME && search->count < STAFF_HITS_MAX);
    return STATUS_OK;
}

enum status find_for_staff(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *query, struct staff_hit hits[STAFF_HITS_MAX], size_t *count) {
    struct search search = {.tx = tx, .moment = moment, .hits = hits};
    const char *text = tidy(tx, query);
    const char *number = large(tx, text);
    enum status status = find_phone(&search, vault, text);
    if (status == STATUS_OK)
        status = find_order(&search, number);
    if (status == STATUS_OK)
        status = find_payment(&search, number);
    if (status == STATUS_OK)
        status = find_request(&search, number);
    if (status == STATUS_OK)
        status = find_shop_order(&search, text);
    *count = search.count;
    return status;
}
