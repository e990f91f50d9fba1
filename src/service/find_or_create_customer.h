/*
 * find_or_create_customer.h: the customer of a phone number, made when there is none. Exports:
 * phone_is_valid(), phone_hash(), find_customer(), find_or_create_customer(), customer_key_open(),
 * customer_set_name(), customer_open_name(), customer_open_phone().
 *
 * A shop's order may name a phone number that nobody has registered yet: then the customer exists
 * with nothing but that number, and becomes a full one when the person registers with a code sent
 * to it.
 */
#ifndef FENQI_SERVICE_FIND_OR_CREATE_CUSTOMER_H
#define FENQI_SERVICE_FIND_OR_CREATE_CUSTOMER_H

#include "codec/vault.h"
#include "store/customer.h"

/* Whether text is a mainland mobile number: 11 digits, 1 then 3 to 9. */
bool phone_is_valid(const char *phone);

/* The keyed hash by which phone_directory knows a valid number; in `arena`. */
struct bytes phone_hash(const struct vault *vault, const char *phone, struct arena *arena);

/* *customer_id is 0 when nobody has that phone number. `phone` must be valid. */
enum status find_customer(struct tx *tx, const struct vault *vault, const char *phone,
    int64_t *customer_id) FENQI_MUST_USE;

/*
 * Loads the customer of `phone`, or makes one at `moment` with a key of its own. `name` may be
 * NULL; it is kept only for a new customer. CONFLICT when another unit made the same customer just
 * now: the unit is run again and finds it.
 */
enum status find_or_create_customer(struct tx *tx, struct moment moment, const struct vault *vault,
    const char *phone, const char *name, struct customer *customer) FENQI_MUST_USE;

/* Opens the customer's own key. CORRUPT when it does not open. */
enum status customer_key_open(struct tx *tx, const struct vault *vault,
    const struct customer *customer, struct customer_key *key) FENQI_MUST_USE;

/* Sets name_sealed and name_masked of `customer` (not saved). */
enum status customer_set_name(struct tx *tx, const struct vault *vault, const char *name,
    struct customer *customer) FENQI_MUST_USE;

/* The name and the phone number in clear, for the customer's own eyes; NULL when not given. */
enum status customer_open_name(struct tx *tx, const struct vault *vault,
    const struct customer *customer, char **name) FENQI_MUST_USE;
enum status customer_open_phone(struct tx *tx, const struct vault *vault,
    const struct customer *customer, char **phone) FENQI_MUST_USE;

#endif
