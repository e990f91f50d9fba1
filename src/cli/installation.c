/* installation.c: see installation.h. */
#include "cli/installation.h"

#include "base/check.h"
#include "codec/text_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_TEXT = VAULT_KEY_SIZE * 2 };

static enum status sync_folder(const char *folder, struct fault *fault) {
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = fd >= 0 && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    return synced ? STATUS_OK
                  : fault_set(fault, STATUS_IO, "cannot sync %s: %s", folder, strerror(error));
}

/* Writes a fresh key; CONFLICT when another process was first. */
static enum status make_key(
    struct installation *installation, struct cli *cli, const char *path, struct fault *fault) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fault_set(fault, errno == EEXIST ? STATUS_CONFLICT : STATUS_IO, "cannot make %s: %s",
            path, strerror(errno));
    uint8_t *key = installation->vault.master_key;
    cli->entropy(cli->entropy_context, key, VAULT_KEY_SIZE);
    char *text = arena_printf(
        cli->arena, "%s\n", hex_write(cli->arena, (struct bytes){key, VAULT_KEY_SIZE}));
    bool written = write(fd, text, KEY_TEXT + 1) == KEY_TEXT + 1 && fsync(fd) == 0;
    int error = errno;
    close(fd);
    if (written)
        return sync_folder(installation->data, fault);
    unlink(path);
    return fault_set(fault, STATUS_IO, "cannot write %s: %s", path, strerror(error));
}

static enum status read_key(
    struct installation *installation, struct cli *cli, const char *path, struct fault *fault) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO,
            "cannot read %s: %s", path, strerror(errno));
    char text[KEY_TEXT + 2];
    struct stat found;
    bool known = fstat(fd, &found) == 0;
    ssize_t length = read(fd, text, sizeof text);
    close(fd);
    if (!known || (found.st_mode & 077) != 0)
        return fault_set(fault, STATUS_DENIED, "%s may be read by others: chmod 600 it", path);
    struct bytes key = {NULL, 0};
    bool shaped = length == KEY_TEXT + 1 && text[KEY_TEXT] == '\n' &&
                  hex_read(cli->arena, (struct bytes){(uint8_t *)text, KEY_TEXT}, &key);
    if (!shaped)
        return fault_set(fault, STATUS_CORRUPT, "%s is not a key file", path);
    memcpy(installation->vault.master_key, key.at, VAULT_KEY_SIZE);
    return STATUS_OK;
}

static enum status load_key(
    struct installation *installation, struct cli *cli, struct fault *fault) {
    if (mkdir(installation->data, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, STATUS_IO, "cannot make the data folder %s: %s", installation->data,
            strerror(errno));
    const char *path = arena_printf(cli->arena, "%s/master.key", installation->data);
    enum status status = read_key(installation, cli, path, fault);
    if (status != STATUS_NOT_FOUND)
        return status;
    status = make_key(installation, cli, path, fault);
    return status == STATUS_CONFLICT ? read_key(installation, cli, path, fault) : status;
}

enum status installation_address(
    struct installation *installation, struct cli *cli, struct fault *fault) {
    if (installation->database == NULL && installation->data == NULL)
        return fault_set(fault, STATUS_INVALID, "--data DIR is needed (or FENQI_DATA)");
    if (installation->database == NULL)
        installation->database = arena_printf(cli->arena, "sqlite:%s/fenqi.db", installation->data);
    return STATUS_OK;
}

enum status installation_open(struct installation *installation, struct cli *cli,
    const struct store_options *options, struct fault *fault) {
    installation->store = NULL;
    if (installation->data == NULL)
        return fault_set(fault, STATUS_INVALID, "--data DIR is needed (or FENQI_DATA)");
    check(vault_library_start());
    enum status status = load_key(installation, cli, fault);
    if (status != STATUS_OK)
        return status;
    status = installation_address(installation, cli, fault);
    if (status != STATUS_OK)
        return status;
    struct store_options own = options == NULL ? (struct store_options){0} : *options;
    own.database = installation->database;
    own.pooled = installation->pooled;
    own.clock = cli->clock;
    own.clock_context = cli->clock_context;
    own.entropy = cli->entropy;
    own.entropy_context = cli->entropy_context;
    status = store_open(&own, &installation->store, fault);
    if (status != STATUS_OK || own.read_only)
        return status;
    status = store_migrate(installation->store, fault);
    if (status != STATUS_OK)
        installation_close(installation);
    return status;
}

void installation_close(struct installation *installation) {
    store_close(installation->store);
    installation->store = NULL;
    explicit_bzero(&installation->vault, sizeof installation->vault);
}
