/*
 * backup.c: `fenqi backup` and `fenqi backup key`. Exports: command_backup, command_backup_key.
 *
 * Copies the database beside the running server, seals it with the files of the data folder into
 * FILE.partial, opens that again and reads all of it, and only then gives it its name. An older
 * backup of that name stays until then.
 */
#include "base/check.h"
#include "cli/archive_key.h"
#include "cli/backup_files.h"
#include "cli/commands.h"
#include "codec/text_bytes.h"
#include "codec/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char name[] = "backup";

struct backup {
    struct cli *cli;
    const char *database, *data, *to;
    struct archive_key key;
    bool replace;
    /* where it works: a folder of its own in the data folder, locked */
    int work;
    const char *copy, *opened, *partial;
    struct archive_head head;
    struct data_file files[ARCHIVE_FILES_MAX];
    size_t file_count;
    int64_t bytes;
};

/* What an interrupted backup left in the work folder goes. */
static void sweep(const struct backup *backup) {
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        unlink(arena_printf(backup->cli->arena, "%s%s", backup->copy, endings[i]));
        unlink(arena_printf(backup->cli->arena, "%s%s", backup->opened, endings[i]));
    }
}

static enum status enter_work_folder(struct backup *backup, struct fault *fault) {
    struct arena *arena = backup->cli->arena;
    const char *folder = arena_printf(arena, "%s/backup.work", backup->data);
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, errno == ENOSPC ? STATUS_FULL : STATUS_IO, "cannot make %s: %s",
            folder, strerror(errno));
    backup->work = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (backup->work < 0 || flock(backup->work, LOCK_EX | LOCK_NB) != 0)
        return fault_set(fault, STATUS_UNAVAILABLE, "another backup works in %s", folder);
    backup->copy = arena_printf(arena, "%s/copy", folder);
    backup->opened = arena_printf(arena, "%s/opened", folder);
    sweep(backup);
    return STATUS_OK;
}

static void leave_work_folder(struct backup *backup) {
    if (backup->copy != NULL)
        sweep(backup);
    if (backup->work >= 0) {
        rmdir(arena_printf(backup->cli->arena, "%s/backup.work", backup->data));
        close(backup->work);
    }
}

/* The copy of the database, and the head that says what it is. */
static enum status take(struct backup *backup, struct fault *fault) {
    struct archive_head *head = &backup->head;
    struct stat found;
    char *now = arena_allocate(backup->cli->arena, INSTANT_TEXT_SIZE);
    head->program = backup->cli->version;
    head->taken_at =
        instant_to_text(backup->cli->clock(backup->cli->clock_context), ZONE_SHANGHAI, now);
    enum status status =
        backup_take(backup->database, backup->copy, &head->facts, print_progress, NULL, fault);
    if (status == STATUS_OK && stat(backup->copy, &found) != 0)
        status = fault_set(fault, STATUS_IO, "cannot read %s", backup->copy);
    if (status != STATUS_OK)
        return status;
    head->files[head->file_count++] = (struct archive_file){"database", found.st_size};
    for (size_t i = 0; i < backup->file_count; i++)
        head->files[head->file_count++] =
            (struct archive_file){backup->files[i].name, (int64_t)backup->files[i].content.length};
    return STATUS_OK;
}

static enum status write_archive(
    struct backup *backup, struct archive_writer *writer, struct fault *fault) {
    print_progress(NULL, "seal", 0, 0);
    enum status status = archive_write_start(
        writer, backup->partial, &backup->key, &backup->head, backup->cli->arena, fault);
    if (status == STATUS_OK)
        status = archive_write_file(writer, backup->copy, backup->head.files[0].bytes, fault);
    for (size_t i = 0; status == STATUS_OK && i < backup->file_count; i++)
        status = archive_write(writer, backup->files[i].content, fault);
    if (status == STATUS_OK)
        status = archive_write_end(writer, fault);
    backup->bytes = writer->written;
    unlink(backup->copy);
    return status;
}

/* The files beside the database are as they were. */
static enum status compare_files(
    struct backup *backup, struct archive_reader *reader, struct fault *fault) {
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < backup->file_count; i++) {
        struct bytes wanted = backup->files[i].content;
        uint8_t *found = arena_allocate(backup->cli->arena, wanted.length + 1);
        status = archive_read(reader, found, wanted.length, fault);
        if (status == STATUS_OK && !bytes_equal(wanted, (struct bytes){found, wanted.length}))
            status =
                fault_set(fault, STATUS_CORRUPT, "%s came back changed", backup->files[i].name);
    }
    return status == STATUS_OK ? archive_read_end(reader, fault) : status;
}

/* Opens the sealed file from the disk and reads all that is in it. */
static enum status verify(
    struct backup *backup, const struct sealed_key *key, struct fault *fault) {
    struct archive_reader reader;
    struct backup_facts found;
    print_progress(NULL, "open and check", 0, 0);
    enum status status =
        archive_read_start(&reader, backup->partial, &backup->key, key, backup->cli->arena, fault);
    if (status != STATUS_OK)
        return status;
    const char *kind = reader.head.database;
    bool sqlite = strcmp(kind, "sqlite") == 0;
    status = archive_read_file(&reader, backup->opened, reader.head.files[0].bytes, fault);
    if (status == STATUS_OK)
        status = compare_files(backup, &reader, fault);
    if (status == STATUS_OK)
        status = backup_check(kind, backup->opened, &found, fault);
    if (status == STATUS_OK)
        status = backup_compare(&backup->head.facts, &found, sqlite, fault);
    if (status == STATUS_OK && sqlite)
        status =
            backup_opens(backup->cli, arena_printf(backup->cli->arena, "sqlite:%s", backup->opened),
                &reader.head.facts, fault);
    archive_read_close(&reader);
    return status;
}

static enum status give_name(struct backup *backup, struct fault *fault) {
    if (!backup->replace && access(backup->to, F_OK) == 0)
        return fault_set(fault, STATUS_CONFLICT, "%s is there already", backup->to);
    if (rename(backup->partial, backup->to) != 0)
        return fault_set(fault, STATUS_IO, "cannot make %s: %s", backup->to, strerror(errno));
    return sync_folder_of(backup->to, backup->cli->arena, fault);
}

static enum status make(struct backup *backup, struct fault *fault) {
    backup->head.database = backup_kind(backup->database, fault);
    if (backup->head.database == NULL)
        return STATUS_INVALID;
    if (!backup->replace && access(backup->to, F_OK) == 0)
        return fault_set(fault, STATUS_CONFLICT,
            "%s is there already: name another file, or --replace", backup->to);
    enum status status = data_files_load(
        backup->data, backup->files, &backup->file_count, backup->cli->arena, fault);
    if (status == STATUS_OK)
        status = enter_work_folder(backup, fault);
    if (status == STATUS_OK)
        status = take(backup, fault);
    if (status != STATUS_OK)
        return status;
    struct archive_writer writer;
    status = write_archive(backup, &writer, fault);
    if (status == STATUS_OK)
        status = verify(backup, &writer.key, fault);
    if (status == STATUS_OK)
        status = give_name(backup, fault);
    archive_write_close(&writer, status != STATUS_OK);
    return status;
}

static int run(struct cli *cli, int argc, char **argv) {
    struct backup backup = {.cli = cli, .work = -1};
    const struct cli_option options[] = {
        {"--database", "FENQI_DATABASE", CLI_TEXT, &backup.database, 0, 0},
        {"--data", "FENQI_DATA", CLI_TEXT, &backup.data, 0, 0},
        {"--to", NULL, CLI_TEXT, &backup.to, 0, 0},
        {"--passphrase-file", "FENQI_PASSPHRASE_FILE", CLI_TEXT, &backup.key.passphrase_file, 0, 0},
        {"--recipient", "FENQI_RECIPIENT", CLI_TEXT, &backup.key.recipient, 0, 0},
        {"--replace", NULL, CLI_FLAG, &backup.replace, 0, 0},
    };
    if (!cli_parse(name, options, sizeof options / sizeof options[0], argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    if (backup.data == NULL || backup.to == NULL)
        return cli_usage(name, "--data DIR and --to FILE are needed");
    if ((backup.key.passphrase_file == NULL) == (backup.key.recipient == NULL))
        return cli_usage(name, "one of --passphrase-file FILE and --recipient FILE is needed");
    check(vault_library_start());
    if (backup.database == NULL)
        backup.database = arena_printf(cli->arena, "sqlite:%s/fenqi.db", backup.data);
    backup.partial = arena_printf(cli->arena, "%s.partial", backup.to);
    struct fault fault = {0};
    enum status status = make(&backup, &fault);
    leave_work_folder(&backup);
    end_progress();
    if (status != STATUS_OK)
        return cli_fault(name, &fault);
    printf("%s: %" PRId64 " bytes, sealed, opened again and checked\n", backup.to, backup.bytes);
    backup_print(&backup.head);
    return CLI_DONE;
}

/* ---- fenqi backup key ---- */

static enum status write_key(struct cli *cli, const char *path, const char *mark,
    const uint8_t key[SEALED_KEY_SIZE], int mode, struct fault *fault) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return fault_set(fault, errno == EEXIST ? STATUS_CONFLICT : STATUS_IO, "cannot make %s: %s",
            path, strerror(errno));
    const char *line = arena_printf(
        cli->arena, "%s%s\n", mark, hex_write(cli->arena, (struct bytes){key, SEALED_KEY_SIZE}));
    size_t length = strlen(line);
    bool written = write(fd, line, length) == (ssize_t)length && fsync(fd) == 0;
    close(fd);
    if (written)
        return sync_folder_of(path, cli->arena, fault);
    unlink(path);
    return fault_set(fault, STATUS_IO, "cannot write %s", path);
}

static int run_key(struct cli *cli, int argc, char **argv) {
    const char *to = NULL;
    const struct cli_option options[] = {{"--to", NULL, CLI_TEXT, &to, 0, 0}};
    if (!cli_parse("backup key", options, 1, argc, argv, NULL, 0, NULL))
        return CLI_USAGE;
    if (to == NULL)
        return cli_usage("backup key", "--to FILE is needed");
    check(vault_library_start());
    struct fault fault = {0};
    uint8_t secret[SEALED_KEY_SIZE], public_key[SEALED_KEY_SIZE];
    const char *public_path = arena_printf(cli->arena, "%s.pub", to);
    cli->entropy(cli->entropy_context, secret, sizeof secret);
    sealed_identity(secret, public_key);
    enum status status = write_key(cli, to, ARCHIVE_SECRET_MARK, secret, 0600, &fault);
    if (status == STATUS_OK)
        status = write_key(cli, public_path, ARCHIVE_PUBLIC_MARK, public_key, 0644, &fault);
    explicit_bzero(secret, sizeof secret);
    if (status != STATUS_OK)
        return cli_fault("backup key", &fault);
    printf("%s opens backups: keep it away from the server, in two places\n"
           "%s makes them: give it to fenqi backup --recipient\n",
        to, public_path);
    return CLI_DONE;
}

const struct cli_command command_backup = {name,
    "--to FILE (--passphrase-file FILE | --recipient FILE) [--replace] --database URL --data DIR",
    "one sealed file of database and keys, beside a running server, opened again and checked", run};

const struct cli_command command_backup_key = {"backup key", "--to FILE",
    "a key pair for backups: FILE opens them, FILE.pub makes them", run_key};
