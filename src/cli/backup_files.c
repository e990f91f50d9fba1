/* backup_files.c: see backup_files.h. */
#include "cli/backup_files.h"

#include "store/migrations.h"
#include "store/setting.h"
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DATA_FILE_MAX = 1024 * 1024 };

static enum status load(
    int folder, struct data_file *file, struct arena *arena, struct fault *fault) {
    int fd = openat(folder, file->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat found;
    if (fd < 0 || fstat(fd, &found) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return fault_set(fault, STATUS_IO, "cannot read %s: %s", file->name, strerror(error));
    }
    enum status status = STATUS_OK;
    size_t size = (size_t)found.st_size;
    if (size > DATA_FILE_MAX) {
        status = fault_set(fault, STATUS_INVALID,
            "%s in the data folder is larger than 1 MB: it is none of ours, move it away",
            file->name);
    } else {
        uint8_t *at = arena_allocate(arena, size + 1);
        if (read(fd, at, size + 1) != (ssize_t)size)
            status = fault_set(fault, STATUS_IO, "%s changed while it was read", file->name);
        file->content = (struct bytes){at, size};
    }
    close(fd);
    return status;
}

/* Not the database, not what a restore moved aside or did not finish. */
static bool is_taken(const char *folder, const char *name, struct arena *arena) {
    struct stat found;
    return name[0] != '.' && strncmp(name, "fenqi.db", 8) != 0 &&
           strstr(name, ".before-") == NULL && strstr(name, ".restoring") == NULL &&
           lstat(arena_printf(arena, "%s/%s", folder, name), &found) == 0 && S_ISREG(found.st_mode);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct data_file *)a)->name, ((const struct data_file *)b)->name);
}

enum status data_files_load(const char *folder, struct data_file files[ARCHIVE_FILES_MAX],
    size_t *count, struct arena *arena, struct fault *fault) {
    DIR *directory = opendir(folder);
    bool key = false;
    *count = 0;
    if (directory == NULL)
        return fault_set(fault, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
            "cannot read the data folder %s: %s", folder, strerror(errno));
    enum status status = STATUS_OK;
    const struct dirent *entry;
    while (status == STATUS_OK && (entry = readdir(directory)) != NULL) {
        if (!is_taken(folder, entry->d_name, arena))
            continue;
        if (*count == ARCHIVE_FILES_MAX - 1) {
            status = fault_set(fault, STATUS_INVALID, "%s holds more than %d files", folder,
                ARCHIVE_FILES_MAX - 1);
            break;
        }
        struct data_file *file = &files[(*count)++];
        file->name = arena_text(arena, entry->d_name);
        status = load(dirfd(directory), file, arena, fault);
        key = key || strcmp(file->name, "master.key") == 0;
    }
    closedir(directory);
    qsort(files, *count, sizeof files[0], by_name);
    if (status == STATUS_OK && !key)
        status = fault_set(fault, STATUS_NOT_FOUND,
            "%s holds no master.key: it is no data folder of an installation", folder);
    return status;
}

enum status backup_compare(const struct backup_facts *wanted, const struct backup_facts *found,
    bool dates, struct fault *fault) {
    const struct {
        const char *what;
        int64_t wanted, found;
    } pairs[] = {{"customers", wanted->customers, found->customers},
        {"contracts", wanted->contracts, found->contracts},
        {"payments", wanted->payments, found->payments},
        {"journal entries", wanted->entries, found->entries},
        {"migration", wanted->migration, dates ? found->migration : wanted->migration},
        {"business date", wanted->business_date.number,
            dates ? found->business_date.number : wanted->business_date.number}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].wanted != pairs[i].found)
            return fault_set(fault, STATUS_CORRUPT,
                "the copy has %s %" PRId64 ", the database had %" PRId64, pairs[i].what,
                pairs[i].found, pairs[i].wanted);
    }
    return STATUS_OK;
}

static enum status read_date(struct tx *tx, void *context) {
    struct day *day = context;
    enum status status = setting_business_date(tx, day);
    if (status != STATUS_NOT_FOUND)
        return status;
    *day = DAY_NONE; /* a server was never started on it */
    return STATUS_OK;
}

enum status backup_opens(
    struct cli *cli, const char *database, const struct backup_facts *facts, struct fault *fault) {
    struct store_options options = {.database = database,
        .clock = cli->clock,
        .clock_context = cli->clock_context,
        .entropy = cli->entropy,
        .entropy_context = cli->entropy_context};
    struct store *store;
    struct planned_migration *migrations;
    size_t count;
    struct day day = DAY_NONE;
    enum status status = store_migration_plan(database, cli->arena, &migrations, &count, fault);
    if (status == STATUS_OK)
        status = store_open(&options, &store, fault);
    if (status != STATUS_OK)
        return status;
    status = store_read(store, cli->arena, read_date, &day, fault);
    store_close(store);
    if (status == STATUS_OK && day_compare(day, facts->business_date) != 0)
        status = fault_set(fault, STATUS_CORRUPT, "the copy is at another business date");
    return status;
}

void backup_print(const struct archive_head *head) {
    char day[DAY_TEXT_SIZE] = "none";
    if (!day_is_none(head->facts.business_date))
        day_to_text(head->facts.business_date, day);
    printf("  taken %s by fenqi %s from %s; schema %04" PRId64 ", business date %s\n",
        head->taken_at, head->program, head->database, head->facts.migration, day);
    printf("  %" PRId64 " customers, %" PRId64 " contracts, %" PRId64 " payments, %" PRId64
           " journal entries; with",
        head->facts.customers, head->facts.contracts, head->facts.payments, head->facts.entries);
    for (size_t i = 1; i < head->file_count; i++)
        printf("%s %s", i == 1 ? "" : ",", head->files[i].name);
    putchar('\n');
}

enum status sync_folder_of(const char *path, struct arena *arena, struct fault *fault) {
    const char *slash = strrchr(path, '/');
    const char *folder =
        slash == NULL ? "." : arena_text_n(arena, path, (size_t)(slash - path) + 1);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    return synced ? STATUS_OK
                  : fault_set(fault, STATUS_IO, "cannot sync %s: %s", folder, strerror(error));
}

void print_progress(void *context, const char *what, int64_t done, int64_t total) {
    (void)context;
    if (isatty(STDERR_FILENO) == 0)
        return;
    if (total > 0)
        fprintf(stderr, "\r%s %3" PRId64 " %%\033[K", what, done * 100 / total);
    else
        fprintf(stderr, "\r%s …\033[K", what);
}

void end_progress(void) {
    if (isatty(STDERR_FILENO) != 0)
        fputs("\r\033[K", stderr);
}
