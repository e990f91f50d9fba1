/*
 * account.h: the route tables of a customer's account. Exports: account_routes, session_routes.
 */
#ifndef FENQI_API_ACCOUNT_H
#define FENQI_API_ACCOUNT_H

#include "api/api.h"

extern const struct api_route account_routes[]; /* codes, register, log in, password, name */
extern const struct api_route session_routes[]; /* list, revoke, log out */

#endif
