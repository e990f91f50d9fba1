/*
 * restore.c: `fenqi restore`: a backup becomes an installation again. Exports: command_restore.
 *
 * The backup is read to its end and checked before anything is put in its place; what was made on
 * the way is removed when it is refused.
 */
#include "base/check.h"
#include "cli/backup_files.h"
#include "cli/commands.h"
#include "codec/vault.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "restore";

struct restore {
    struct cli *cli;
    const char *database, *data, *from;
    struct archive_key key;
    bool overwrite; /* what is there is moved aside */
    bool show;      /* only says what the backup is */
    const char *aside;
    const char *staged; /* the copy of the database, until it has its place */
    struct archive_reader reader;
    size_t made; /* files of the data folder that stand */
    bool made_folder;
};

static const char *data_path(struct restore *restore, const char *file) {
    return arena_printf(restore->cli->arena, "%s/%s", restore->data, file);
}

/* A file of the backup that is there already goes aside, or ends it. */
static enum status clear_file(struct restore *restore, const char *file, struct fault *fault) {
    const char *path = data_path(restore, file);
    if (access(path, F_OK) != 0)
        return STATUS_OK;
    if (!restore->overwrite)
        return fault_set(fault, STATUS_CONFLICT,
            "%s is there already: restore into an empty folder, or --overwrite", path);
    const char *to = arena_printf(restore->cli->arena, "%s.%s", path, restore->aside);
    return rename(path, to) == 0
               ? STATUS_OK
               : fault_set(fault, STATUS_IO, "cannot move %s aside: %s", path, strerror(errno));
}

/* The files beside the database, first under another name: all or none of them will stand. */
static enum status stage_files(struct restore *restore, struct fault *fault) {
    const struct archive_head *head = &restore->reader.head;
    enum status status = STATUS_OK;
    for (size_t i = 1; status == STATUS_OK && i < head->file_count; i++) {
        const char *path = arena_printf(
            restore->cli->arena, "%s.restoring", data_path(restore, head->files[i].name));
        unlink(path);
        status = archive_read_file(&restore->reader, path, head->files[i].bytes, fault);
    }
    return status == STATUS_OK ? archive_read_end(&restore->reader, fault) : status;
}

static enum status name_files(struct restore *restore, struct fault *fault) {
    const struct archive_head *head = &restore->reader.head;
    for (size_t i = 1; i < head->file_count; i++) {
        const char *path = data_path(restore, head->files[i].name);
        enum status status = clear_file(restore, head->files[i].name, fault);
        if (status != STATUS_OK)
            return status;
        if (rename(arena_printf(restore->cli->arena, "%s.restoring", path), path) != 0)
            return fault_set(fault, STATUS_IO, "cannot make %s: %s", path, strerror(errno));
        restore->made = i;
    }
    return sync_folder_of(data_path(restore, "x"), restore->cli->arena, fault);
}

/* Leaves nothing behind that was not there before. */
static void take_back(struct restore *restore) {
    const struct archive_head *head = &restore->reader.head;
    if (restore->staged != NULL) {
        static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
            unlink(arena_printf(restore->cli->arena, "%s%s", restore->staged, endings[i]));
    }
    for (size_t i = 1; i < head->file_count; i++) {
        const char *path = data_path(restore, head->files[i].name);
        unlink(arena_printf(restore->cli->arena, "%s.restoring", path));
        if (i <= restore->made)
            unlink(path);
    }
    if (restore->made_folder)
        rmdir(restore->data);
}

static enum status demand_known(struct restore *restore, struct fault *fault) {
    const struct archive_head *head = &restore->reader.head;
    const char *kind = backup_kind(restore->database, fault);
    if (kind == NULL)
        return STATUS_INVALID;
    if (strcmp(kind, head->database) != 0)
        return fault_set(fault, STATUS_INVALID, "%s is of a %s database and cannot become a %s one",
            restore->from, head->database, kind);
    return STATUS_OK;
}

/* Everything that can be wrong with place and backup, before anything stands. */
static enum status stage(struct restore *restore, struct fault *fault) {
    const struct archive_head *head = &restore->reader.head;
    struct arena *arena = restore->cli->arena;
    struct backup_facts found;
    enum status status = demand_known(restore, fault);
    for (size_t i = 1; status == STATUS_OK && !restore->overwrite && i < head->file_count; i++)
        status = clear_file(restore, head->files[i].name, fault);
    if (status != STATUS_OK)
        return status;
    if (mkdir(restore->data, 0700) == 0)
        restore->made_folder = true;
    else if (errno != EEXIST)
        return fault_set(fault, STATUS_IO, "cannot make %s: %s", restore->data, strerror(errno));
    const char *staged;
    status = backup_place(restore->database, restore->data, NULL, arena, &staged, fault);
    if (status != STATUS_OK && !(status == STATUS_CONFLICT && restore->overwrite))
        return status;
    restore->staged = staged;
    unlink(staged);
    print_progress(NULL, "open", 0, 0);
    status = archive_read_file(&restore->reader, staged, head->files[0].bytes, fault);
    if (status == STATUS_OK)
        status = stage_files(restore, fault);
    print_progress(NULL, "check", 0, 0);
    if (status == STATUS_OK)
        status = backup_check(head->database, staged, &found, fault);
    bool sqlite = strcmp(head->database, "sqlite") == 0;
    if (status == STATUS_OK)
        status = backup_compare(&head->facts, &found, sqlite, fault);
    if (status == STATUS_OK && sqlite)
        status = backup_opens(
            restore->cli, arena_printf(arena, "sqlite:%s", staged), &head->facts, fault);
    return status;
}

static enum status put(struct restore *restore, struct fault *fault) {
    const struct archive_head *head = &restore->reader.head;
    const char *staged;
    struct backup_facts found;
    enum status status = backup_place(restore->database, restore->data,
        restore->overwrite ? restore->aside : NULL, restore->cli->arena, &staged, fault);
    if (status == STATUS_OK)
        status = name_files(restore, fault);
    print_progress(NULL, "put in place", 0, 0);
    if (status == STATUS_OK)
        status = backup_put(restore->database, staged, fault);
    if (status == STATUS_OK)
        status = backup_count(restore->database, &found, fault);
    if (status == STATUS_OK)
        status = backup_compare(&head->facts, &found, true, fault);
    return status == STATUS_OK ? backup_opens(restore->cli, restore->database, &head->facts, fault)
                               : status;
}

static enum status bring_back(struct restore *restore, struct fault *fault) {
    enum status status = archive_read_start(
        &restore->reader, restore->from, &restore->key, NULL, restore->cli->arena, fault);
    if (status != STATUS_OK || restore->show)
        return status;
    status = stage(restore, fault);
    if (status == STATUS_OK)
        status = put(restore, fault);
    if (status != STATUS_OK)
        take_back(restore);
    return status;
}

/* "before-20261122T101500": what was there keeps its name with this ending. */
static const char *aside_name(struct cli *cli) {
    char text[INSTANT_TEXT_SIZE];
    instant_to_text(cli->clock(cli->clock_context), ZONE_SHANGHAI, text);
    return arena_printf(cli->arena, "before-%.4s%.2s%.2sT%.2s%.2s%.2s", text, text + 5, text + 8,
        text + 11, text + 14, text + 17);
}

static void say_what_next(const struct restore *restore) {
    printf("restored into %s and %s\n",
        strcmp(restore->reader.head.database, "sqlite") == 0 ? restore->database
                                                             : "the PostgreSQL database",
        restore->data);
    backup_print(&restore->reader.head);
    if (restore->overwrite)
        printf("  what was there has the ending .%s\n", restore->aside);
    printf("next: fenqi verify with the same --database and --data, then fenqi serve;\n"
           "      payments on their way are asked about at their providers by themselves;\n"
           "      what was paid after the backup is not in it: see docs/backup.md\n");
}

static int run(struct cli *cli, int argc, char **argv) {
    struct restore restore = {.cli = cli};
    const struct cli_option options[] = {
        {"--database", "FENQI_DATABASE", CLI_TEXT, &restore.database, 0, 0},
        {"--data", "FENQI_DATA", CLI_TEXT, &restore.data, 0, 0},
        {"--from", NULL, CLI_TEXT, &restore.from, 0, 0},
        {"--passphrase-file", "FENQI_PASSPHRASE_FILE", CLI_TEXT, &restore.key.passphrase_file, 0,
            0},
        {"--identity", "FENQI_IDENTITY", CLI_TEXT, &restore.key.identity, 0, 0},
        {"--overwrite", NULL, CLI_FLAG, &restore.overwrite, 0, 0},
        {"--show", NULL, CLI_FLAG, &restore.show, 0, 0},
    };
    if (!cli_parse(name, options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    if (restore.from == NULL || (restore.data == NULL && !restore.show))
        return cli_usage(name, "--from FILE and --data DIR are needed");
    if ((restore.key.passphrase_file == NULL) == (restore.key.identity == NULL))
        return cli_usage(name, "one of --passphrase-file FILE and --identity FILE is needed");
    check(vault_library_start());
    if (restore.database == NULL && !restore.show)
        restore.database = arena_printf(cli->arena, "sqlite:%s/fenqi.db", restore.data);
    restore.aside = aside_name(cli);
    struct fault fault = {0};
    enum status status = bring_back(&restore, &fault);
    end_progress();
    if (status == STATUS_OK && restore.show)
        backup_print(&restore.reader.head);
    else if (status == STATUS_OK)
        say_what_next(&restore);
    archive_read_close(&restore.reader);
    return status == STATUS_OK ? CLI_DONE : cli_fault(name, &fault);
}

const struct cli_command command_restore = {name,
    "--from FILE (--passphrase-file FILE | --identity FILE) [--overwrite] [--show] --database URL "
    "--data DIR",
    "a backup becomes an installation again, in an empty place, or says what it is", run};
