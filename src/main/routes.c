/* routes.c: `fenqi routes`: every route of the API, as METHOD PATH. Exports: command_routes. */
#include "api/api.h"
#include "main/main.h"

#include <stdio.h>
#include <string.h>

static void print_route(const struct http_route *route, void *context) {
    (void)context;
    if (strncmp(route->pattern, "/api/", 5) == 0)
        printf("%s %s\n", http_method_name(route->method), route->pattern);
}

static int run(struct cli *cli, int argc, char **argv) {
    if (!cli_parse("routes", NULL, 0, argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    struct http_options options = http_options_default();
    options.loop_count = 1;
    struct fault fault = {0};
    struct api api = {.arena = cli->arena, .config.mode = API_MODE_DEMO};
    if (http_server_create(&options, &api.server, &fault) != STATUS_OK)
        return cli_fault("routes", &fault);
    api_register(&api);
    http_server_routes(api.server, print_route, NULL);
    http_server_destroy(api.server);
    return CLI_DONE;
}

const struct cli_command command_routes = {
    "routes", "", "print METHOD PATH of every route of the API", run};
