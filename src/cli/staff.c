/*
 * staff.c: `fenqi staff add`: makes an account for one of the operator's people. Exports:
 * command_staff.
 *
 * The password comes on standard input (one line), never as an argument that other users of the
 * machine could read; an empty one is drawn at random and printed once. With --totp a second factor
 * is made and printed once as an otpauth address for an authenticator.
 */
#include "cli/commands.h"
#include "cli/installation.h"
#include "codec/password.h"
#include "service/staff_log_in.h"

#include <stdio.h>
#include <string.h>

enum { DRAWN_LENGTH = 16, SEED_SIZE = 20, SEED_TEXT_SIZE = 33, LINE_SIZE = 256 };

struct staff_add {
    const char *login;
    const char *name;
    const char *role_name;
    enum staff_role role;
    bool totp;
    char password_hash[PASSWORD_HASH_SIZE];
    uint8_t seed[SEED_SIZE];
    const struct vault *vault;
    bool taken;
};

/* Letters and digits that nobody mistakes for one another. */
static void draw_password(struct cli *cli, char text[DRAWN_LENGTH + 1]) {
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789ABCD"; /* 35; bytes ≥ 245 again */
    for (int i = 0; i < DRAWN_LENGTH; i++) {
        uint8_t byte;
        do
            cli->entropy(cli->entropy_context, &byte, 1);
        while (byte >= 245);
        text[i] = letters[byte % 35];
    }
    text[DRAWN_LENGTH] = '\0';
}

/* RFC 4648 base 32 of 20 bytes: 32 letters without padding. */
static char *seed_text(const uint8_t seed[SEED_SIZE], char text[SEED_TEXT_SIZE]) {
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (int group = 0; group < 4; group++) {
        uint64_t bits = 0;
        for (int i = 0; i < 5; i++)
            bits = bits << 8 | seed[group * 5 + i];
        for (int i = 7; i >= 0; i--) {
            text[group * 8 + i] = letters[bits & 31];
            bits >>= 5;
        }
    }
    text[SEED_TEXT_SIZE - 1] = '\0';
    return text;
}

static enum status add_unit(struct tx *tx, void *context) {
    struct staff_add *add = context;
    struct staff staff;
    enum status status = staff_find_login(tx, add->login, &staff, &add->taken);
    if (status != STATUS_OK || add->taken)
        return status;
    struct moment moment = {.now = tx_now(tx)};
    struct bytes seed = {add->totp ? add->seed : NULL, add->totp ? SEED_SIZE : 0};
    int64_t staff_id;
    return create_staff(tx, moment, add->vault, add->login, add->name, add->role,
        add->password_hash, seed, &staff_id);
}

/* The password from standard input, or a drawn one that is printed. False when it is too weak. */
static bool take_password(struct cli *cli, struct staff_add *add) {
    char line[LINE_SIZE] = "";
    if (fgets(line, sizeof line, stdin) != NULL)
        line[strcspn(line, "\r\n")] = '\0';
    char drawn[DRAWN_LENGTH + 1];
    if (line[0] == '\0') {
        draw_password(cli, drawn);
        printf("password: %s\n", drawn);
    } else if (password_is_weak(line, NULL)) {
        cli_usage("staff", "the password is too weak: use 8 characters or more, not a plain row");
        return false;
    }
    return password_hash(
        line[0] == '\0' ? drawn : line, PASSWORD_COST_INTERACTIVE, add->password_hash);
}

static bool login_is_valid(const char *login) {
    return strspn(login, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(login) &&
           strlen(login) >= 1 && strlen(login) <= 64;
}

static int add_staff(struct cli *cli, struct installation *installation, struct staff_add *add) {
    if (!take_password(cli, add))
        return CLI_USAGE;
    cli->entropy(cli->entropy_context, add->seed, sizeof add->seed);
    struct fault fault = {0};
    if (installation_open(installation, cli, NULL, &fault) != STATUS_OK)
        return cli_fault("staff", &fault);
    add->vault = &installation->vault;
    enum status status =
        store_run(installation->store, STORE_NO_KEY, cli->arena, add_unit, add, &fault);
    installation_close(installation);
    if (status != STATUS_OK)
        return cli_fault("staff", &fault);
    if (add->taken)
        return cli_usage("staff", "the login \"%s\" is taken", add->login);
    printf("added %s (%s)\n", add->login, add->role_name);
    char text[SEED_TEXT_SIZE];
    if (add->totp)
        printf("otpauth://totp/Fenqi:%s?secret=%s&issuer=Fenqi\n", add->login,
            seed_text(add->seed, text));
    return CLI_DONE;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct installation installation = {0};
    struct staff_add add = {.role_name = "agent"};
    const struct cli_option options[] = {
        INSTALLATION_OPTIONS(installation),
        {"--name", NULL, CLI_TEXT, &add.name, 0, 0},
        {"--role", NULL, CLI_TEXT, &add.role_name, 0, 0},
        {"--totp", NULL, CLI_FLAG, &add.totp, 0, 0},
    };
    const char *rest[2];
    size_t rest_count;
    if (!cli_parse(
            "staff", options, sizeof options / sizeof options[0], argc, argv, rest, 2, &rest_count))
        return CLI_USAGE;
    if (rest_count != 2 || strcmp(rest[0], "add") != 0)
        return cli_usage("staff", "say: fenqi staff add LOGIN [--name NAME] [--role ROLE]");
    add.login = rest[1];
    if (!login_is_valid(add.login))
        return cli_usage("staff", "a login has 1 to 64 of a-z 0-9 . _ -, not \"%s\"", add.login);
    if (add.name == NULL)
        add.name = add.login;
    if (!staff_role_from_name(add.role_name, &add.role))
        return cli_usage(
            "staff", "--role is agent, collector, reviewer or admin, not \"%s\"", add.role_name);
    return add_staff(cli, &installation, &add);
}

const struct cli_command command_staff = {"staff", "add LOGIN [--name NAME] [--role ROLE] [--totp]",
    "make an account for staff; the password comes on standard input", run};
