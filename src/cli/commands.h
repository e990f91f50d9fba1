/*
 * commands.h: the commands of this room. Exports: one command_NAME a file.
 */
#ifndef FENQI_CLI_COMMANDS_H
#define FENQI_CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct cli_command command_backup;
extern const struct cli_command command_backup_key;
extern const struct cli_command command_calc;
extern const struct cli_command command_day_end;
extern const struct cli_command command_demo;
extern const struct cli_command command_import;
extern const struct cli_command command_migrate;
extern const struct cli_command command_rebuild;
extern const struct cli_command command_restore;
extern const struct cli_command command_product;
extern const struct cli_command command_shop;
extern const struct cli_command command_staff;
extern const struct cli_command command_verify;

#endif
