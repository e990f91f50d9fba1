/*
 * pages.h: the web apps beside the API. Exports: pages_serve().
 */
#ifndef FENQI_API_PAGES_H
#define FENQI_API_PAGES_H

#include "http/http.h"

/*
 * The server's fallback: the customer app at /, the staff console at /console/. Paths of the apps'
 * own routes get their index.html; /api/ never does. The context is the api.
 */
void pages_serve(struct http_request *request, void *api);

#endif
