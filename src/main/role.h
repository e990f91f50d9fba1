/*
 * role.h: which part of the work a process of `fenqi serve` does. Exports: enum role, role_read(),
 * role_name(), role_part(), rails_publish(), rails_find().
 *
 * On PostgreSQL the work may be split over processes: `api` answers people and shops, `jobs` runs
 * day-ends, webhooks and clean-ups, `channel` talks to the payment providers, takes their
 * notifications, and is the only one that reads their keys. So the process with the keys says in
 * the database which channels there are, and the others read it there.
 */
#ifndef FENQI_MAIN_ROLE_H
#define FENQI_MAIN_ROLE_H

#include "api/api.h"
#include "store/store.h"

enum role { ROLE_ALL, ROLE_API, ROLE_JOBS, ROLE_CHANNEL };

/* False when no role is called so. */
bool role_read(const char *name, enum role *role);
const char *role_name(enum role role);

/* The routes that a process of the role answers. */
enum api_part role_part(enum role role);

/* Says which channels there are. */
enum status rails_publish(
    struct store *store, const struct payment_rails *rails, struct fault *fault) FENQI_MUST_USE;

/* What was said; NOT_FOUND when no process with the keys has ever run, INVALID for another mode. */
enum status rails_find(struct store *store, enum channel_mode mode, struct payment_rails *rails,
    struct fault *fault) FENQI_MUST_USE;

#endif
