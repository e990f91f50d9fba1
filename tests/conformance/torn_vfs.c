/* torn_vfs.c: see torn_vfs.h. */
#include "../unit/cmocka_include.h"

#include "torn_vfs.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512, FILES_MAX = 8, PATH_SIZE = 300 };

/* One thing that a sector held since the last sync; the oldest is what the disk has for certain. */
struct version {
    uint8_t bytes[SECTOR];
    struct version *older;
};

struct sector {
    int64_t number;
    struct version *newest;
    struct sector *next;
};

/* A file by its name, whoever has it open. */
struct tracked {
    char path[PATH_SIZE];
    struct sector *unsynced;
    int64_t synced_size;
    int64_t size;
};

struct torn_file {
    sqlite3_file base;
    struct tracked *tracked; /* followed in memory by the real file */
};

static sqlite3_vfs *real, torn;
static sqlite3_io_methods methods;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tracked files[FILES_MAX];
static int file_count, left, done;
static bool lies;

static sqlite3_file *real_file(sqlite3_file *file) {
    return (sqlite3_file *)((struct torn_file *)file + 1);
}

static bool power_is_off(void) {
    return left == 0;
}

/* Counts a change of the disk; false: the power is off. Under the lock. */
static bool next_change(void) {
    if (power_is_off())
        return false;
    if (left > 0)
        left--;
    done++;
    return true;
}

static void forget(struct tracked *tracked) {
    while (tracked->unsynced != NULL) {
        struct sector *sector = tracked->unsynced;
        tracked->unsynced = sector->next;
        while (sector->newest != NULL) {
            struct version *version = sector->newest;
            sector->newest = version->older;
            free(version);
        }
        free(sector);
    }
    tracked->synced_size = tracked->size;
}

static struct sector *sector_of(struct tracked *tracked, int64_t number) {
    for (struct sector *sector = tracked->unsynced; sector != NULL; sector = sector->next)
        if (sector->number == number)
            return sector;
    struct sector *sector = calloc(1, sizeof *sector);
    assert_non_null(sector);
    *sector = (struct sector){number, NULL, tracked->unsynced};
    tracked->unsynced = sector;
    return sector;
}

/* Puts what the sectors of a range hold now on top of their versions. */
static void remember(sqlite3_file *file, int64_t offset, int64_t length, bool first_only) {
    struct tracked *tracked = ((struct torn_file *)file)->tracked;
    for (int64_t number = offset / SECTOR; number * SECTOR < offset + length; number++) {
        struct sector *sector = sector_of(tracked, number);
        if (first_only && sector->newest != NULL)
            continue;
        struct version *version = calloc(1, sizeof *version);
        assert_non_null(version);
        int code = real_file(file)->pMethods->xRead(
            real_file(file), version->bytes, SECTOR, number * SECTOR);
        assert_true(code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ);
        version->older = sector->newest;
        sector->newest = version;
    }
}

static int torn_close(sqlite3_file *file) {
    return real_file(file)->pMethods->xClose(real_file(file));
}

static int torn_read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset) {
    pthread_mutex_lock(&lock);
    int code = power_is_off()
                   ? SQLITE_IOERR_READ
                   : real_file(file)->pMethods->xRead(real_file(file), buffer, amount, offset);
    pthread_mutex_unlock(&lock);
    return code;
}

static int torn_write(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset) {
    struct tracked *tracked = ((struct torn_file *)file)->tracked;
    pthread_mutex_lock(&lock);
    int code = next_change() ? SQLITE_OK : SQLITE_IOERR_WRITE;
    if (code == SQLITE_OK && tracked != NULL)
        remember(file, offset, amount, true);
    if (code == SQLITE_OK)
        code = real_file(file)->pMethods->xWrite(real_file(file), buffer, amount, offset);
    if (code == SQLITE_OK && tracked != NULL) {
        remember(file, offset, amount, false);
        if (offset + amount > tracked->size)
            tracked->size = offset + amount;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

/* Shrinking is on the disk at once: what SQLite cuts off it does not need. */
static int torn_truncate(sqlite3_file *file, sqlite3_int64 size) {
    struct tracked *tracked = ((struct torn_file *)file)->tracked;
    pthread_mutex_lock(&lock);
    int code = next_change() ? real_file(file)->pMethods->xTruncate(real_file(file), size)
                             : SQLITE_IOERR_TRUNCATE;
    if (code == SQLITE_OK && tracked != NULL) {
        tracked->size = size;
        if (tracked->synced_size > size)
            tracked->synced_size = size;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int torn_sync(sqlite3_file *file, int flags) {
    struct tracked *tracked = ((struct torn_file *)file)->tracked;
    (void)flags;
    pthread_mutex_lock(&lock);
    int code = next_change() ? SQLITE_OK : SQLITE_IOERR_FSYNC;
    if (code == SQLITE_OK && tracked != NULL && !lies)
        forget(tracked);
    pthread_mutex_unlock(&lock);
    return code;
}

static int pass_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real_file(file)->pMethods->xFileSize(real_file(file), size);
}

static int pass_lock(sqlite3_file *file, int level) {
    return real_file(file)->pMethods->xLock(real_file(file), level);
}

static int pass_unlock(sqlite3_file *file, int level) {
    return real_file(file)->pMethods->xUnlock(real_file(file), level);
}

static int pass_check(sqlite3_file *file, int *out) {
    return real_file(file)->pMethods->xCheckReservedLock(real_file(file), out);
}

/* No hint may write to the file, or map it, behind our back. */
static int no_control(sqlite3_file *file, int operation, void *argument) {
    if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE ||
        operation == SQLITE_FCNTL_MMAP_SIZE)
        return SQLITE_NOTFOUND;
    return real_file(file)->pMethods->xFileControl(real_file(file), operation, argument);
}

static int small_sector(sqlite3_file *file) {
    (void)file;
    return SECTOR;
}

/* A plain disk: no write is atomic, nothing is appended safely. */
static int plain_device(sqlite3_file *file) {
    (void)file;
    return 0;
}

static int pass_map(sqlite3_file *file, int page, int size, int extend, void volatile **out) {
    return real_file(file)->pMethods->xShmMap(real_file(file), page, size, extend, out);
}

static int pass_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real_file(file)->pMethods->xShmLock(real_file(file), offset, count, flags);
}

static void pass_barrier(sqlite3_file *file) {
    real_file(file)->pMethods->xShmBarrier(real_file(file));
}

static int pass_unmap(sqlite3_file *file, int remove) {
    return real_file(file)->pMethods->xShmUnmap(real_file(file), remove);
}

static struct tracked *track(const char *path) {
    for (int i = 0; i < file_count; i++)
        if (strcmp(files[i].path, path) == 0)
            return &files[i];
    assert_true(file_count < FILES_MAX && strlen(path) < PATH_SIZE);
    struct tracked *tracked = &files[file_count++];
    *tracked = (struct tracked){.size = 0};
    memcpy(tracked->path, path, strlen(path) + 1);
    return tracked;
}

static int open_file(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    struct torn_file *own = (struct torn_file *)file;
    (void)vfs;
    file->pMethods = NULL;
    pthread_mutex_lock(&lock);
    int code = power_is_off() ? SQLITE_CANTOPEN
                              : real->xOpen(real, name, real_file(file), flags, out_flags);
    if (code == SQLITE_OK) {
        bool fresh = name != NULL;
        for (int i = 0; name != NULL && i < file_count; i++)
            fresh = fresh && strcmp(files[i].path, name) != 0;
        file->pMethods = &methods;
        own->tracked = name == NULL ? NULL : track(name);
        sqlite3_int64 size = 0;
        if (fresh && pass_size(file, &size) == SQLITE_OK)
            own->tracked->size = own->tracked->synced_size = size;
    }
    pthread_mutex_unlock(&lock);
    return code;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync) {
    (void)vfs;
    pthread_mutex_lock(&lock);
    int code = power_is_off() ? SQLITE_IOERR_DELETE : real->xDelete(real, name, sync);
    for (int i = 0; code == SQLITE_OK && i < file_count; i++) {
        if (strcmp(files[i].path, name) == 0) {
            files[i].size = 0;
            forget(&files[i]);
        }
    }
    pthread_mutex_unlock(&lock);
    return code;
}

void torn_vfs_register(void) {
    real = sqlite3_vfs_find(NULL);
    assert_non_null(real);
    torn = *real;
    torn.zName = "torn";
    torn.pNext = NULL;
    torn.szOsFile = (int)sizeof(struct torn_file) + real->szOsFile;
    torn.xOpen = open_file;
    torn.xDelete = delete_file;
    methods = (sqlite3_io_methods){.iVersion = 2,
        .xClose = torn_close,
        .xRead = torn_read,
        .xWrite = torn_write,
        .xTruncate = torn_truncate,
        .xSync = torn_sync,
        .xFileSize = pass_size,
        .xLock = pass_lock,
        .xUnlock = pass_unlock,
        .xCheckReservedLock = pass_check,
        .xFileControl = no_control,
        .xSectorSize = small_sector,
        .xDeviceCharacteristics = plain_device,
        .xShmMap = pass_map,
        .xShmLock = pass_shm_lock,
        .xShmBarrier = pass_barrier,
        .xShmUnmap = pass_unmap};
    assert_int_equal(sqlite3_vfs_register(&torn, 0), SQLITE_OK);
}

void torn_vfs_start(int operations, bool lying) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < file_count; i++)
        forget(&files[i]);
    file_count = 0;
    left = operations;
    lies = lying;
    done = 0;
    pthread_mutex_unlock(&lock);
}

int torn_vfs_operations(void) {
    pthread_mutex_lock(&lock);
    int count = done;
    pthread_mutex_unlock(&lock);
    return count;
}

static const struct version *pick(const struct sector *sector, unsigned *seed) {
    int count = 0;
    for (const struct version *version = sector->newest; version; version = version->older)
        count++;
    int chosen = (int)(rand_r(seed) % (unsigned)count);
    /* the extremes are what happens most: all of it arrived, or nothing did */
    unsigned turn = rand_r(seed) % 4;
    chosen = turn == 0 ? 0 : turn == 1 ? count - 1 : chosen;
    const struct version *version = sector->newest;
    while (chosen-- > 0)
        version = version->older;
    return version;
}

static void cut(const struct tracked *tracked, unsigned *seed) {
    int fd = open(tracked->path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return; /* deleted */
    for (const struct sector *sector = tracked->unsynced; sector; sector = sector->next) {
        uint8_t bytes[SECTOR];
        memcpy(bytes, pick(sector, seed)->bytes, SECTOR);
        if (rand_r(seed) % 8 == 0) {
            size_t kept = rand_r(seed) % SECTOR;
            memcpy(bytes + kept, pick(sector, seed)->bytes + kept, SECTOR - kept);
        }
        if (sector->number * SECTOR < tracked->size)
            assert_int_equal(pwrite(fd, bytes, SECTOR, sector->number * SECTOR), SECTOR);
    }
    int64_t grown = tracked->size - tracked->synced_size;
    int64_t size = tracked->size;
    if (grown > 0 && rand_r(seed) % 2 == 0)
        size = tracked->synced_size + (int64_t)rand_r(seed) % (grown / SECTOR + 1) * SECTOR;
    assert_int_equal(ftruncate(fd, size), 0);
    close(fd);
}

void torn_vfs_power_cut(unsigned seed) {
    pthread_mutex_lock(&lock);
    for (int i = 0; i < file_count; i++)
        cut(&files[i], &seed);
    pthread_mutex_unlock(&lock);
    torn_vfs_start(-1, false);
}
