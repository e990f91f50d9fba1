/*
 * shop.c: `fenqi shop add`: makes a shop with its first API key. Exports: command_shop.
 *
 * The key and the webhook secret are printed once; what is stored cannot give them back.
 */
#include "cli/commands.h"
#include "cli/installation.h"
#include "service/create_shop.h"

#include <stdio.h>
#include <string.h>

struct shop_add {
    struct new_shop command;
    const struct vault *vault;
    struct shop_secrets secrets;
    bool taken;
};

static enum status add_unit(struct tx *tx, void *context) {
    struct shop_add *add = context;
    struct moment moment = {.now = tx_now(tx)};
    return create_shop(tx, moment, add->vault, &add->command, &add->secrets, &add->taken);
}

static int add_shop(struct cli *cli, struct installation *installation, struct shop_add *add) {
    struct fault fault = {0};
    if (installation_open(installation, cli, NULL, &fault) != STATUS_OK)
        return cli_fault("shop", &fault);
    add->vault = &installation->vault;
    enum status status =
        store_run(installation->store, STORE_NO_KEY, cli->arena, add_unit, add, &fault);
    installation_close(installation);
    if (status != STATUS_OK)
        return cli_fault("shop", &fault);
    if (add->taken)
        return cli_usage("shop", "the code \"%s\" is taken", add->command.code);
    printf("shop %s\napi_key %s\n", add->command.code, add->secrets.api_key);
    if (add->command.webhook_url != NULL)
        printf("webhook_secret %s\n", add->secrets.webhook_secret);
    return CLI_DONE;
}

static bool code_is_valid(const char *code) {
    return strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(code) &&
           strlen(code) >= 1 && strlen(code) <= 32;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    struct shop_add add = {.command = {.key_prefix = "fenqi_"}};
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(installation),
        {"--name", NULL, CLI_TEXT, &add.command.name, 0, 0},
        {"--webhook-url", NULL, CLI_TEXT, &add.command.webhook_url, 0, 0},
    };
    const char *rest[2];
    size_t rest_count;
    if (!cli_parse(
            "shop", options, sizeof options / sizeof options[0], argc, argv, rest, 2, &rest_count))
        return CLI_USAGE;
    if (rest_count != 2 || strcmp(rest[0], "add") != 0)
        return cli_usage("shop", "say: fenqi shop add CODE [--name NAME] [--webhook-url URL]");
    add.command.code = rest[1];
    if (!code_is_valid(add.command.code))
        return cli_usage("shop", "a code has 1 to 32 of a-z 0-9 -, not \"%s\"", rest[1]);
    if (add.command.name == NULL)
        add.command.name = add.command.code;
    return add_shop(cli, &installation, &add);
}

const struct cli_command command_shop = {
    "shop", "add CODE [--name NAME] [--webhook-url URL]", "make a shop and its API key", run};
