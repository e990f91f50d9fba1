/* fault_vfs.c: a file system that fails when told. Exports what fault_vfs.h declares. */
#include "../unit/cmocka_include.h"

#include "fault_vfs.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

/* Our file, followed in memory by the real one. */
struct faulty_file {
    sqlite3_file base;
};

static sqlite3_vfs *real;
static sqlite3_vfs faulty;
static sqlite3_io_methods methods;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct fault_plan plan = {.after = -1};
static int operations;

static sqlite3_file *real_file(sqlite3_file *file) {
    return (sqlite3_file *)((struct faulty_file *)file + 1);
}

/* Counts one operation; SQLITE_OK or the code with which it shall fail. */
static int next_operation(bool *torn) {
    pthread_mutex_lock(&lock);
    int number = operations++;
    bool fails = plan.after >= 0 && (plan.for_good ? number >= plan.after : number == plan.after);
    int code = fails ? plan.code : SQLITE_OK;
    if (torn != NULL)
        *torn = fails && plan.torn;
    pthread_mutex_unlock(&lock);
    return code;
}

static int fail_close(sqlite3_file *file) {
    return real_file(file)->pMethods->xClose(real_file(file));
}

static int fail_read(sqlite3_file *file, void *buffer, int amount, sqlite3_int64 offset) {
    int code = next_operation(NULL);
    if (code != SQLITE_OK)
        return code == SQLITE_FULL ? SQLITE_IOERR_READ : code;
    return real_file(file)->pMethods->xRead(real_file(file), buffer, amount, offset);
}

static int fail_write(sqlite3_file *file, const void *buffer, int amount, sqlite3_int64 offset) {
    bool torn;
    int code = next_operation(&torn);
    if (torn)
        real_file(file)->pMethods->xWrite(real_file(file), buffer, amount / 2, offset);
    if (code != SQLITE_OK)
        return code;
    return real_file(file)->pMethods->xWrite(real_file(file), buffer, amount, offset);
}

static int fail_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int code = next_operation(NULL);
    return code != SQLITE_OK ? code : real_file(file)->pMethods->xTruncate(real_file(file), size);
}

static int fail_sync(sqlite3_file *file, int flags) {
    int code = next_operation(NULL);
    if (code != SQLITE_OK)
        return code == SQLITE_FULL ? SQLITE_IOERR_FSYNC : code;
    return real_file(file)->pMethods->xSync(real_file(file), flags);
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

static int pass_control(sqlite3_file *file, int operation, void *argument) {
    return real_file(file)->pMethods->xFileControl(real_file(file), operation, argument);
}

static int pass_sector(sqlite3_file *file) {
    return real_file(file)->pMethods->xSectorSize(real_file(file));
}

static int pass_device(sqlite3_file *file) {
    return real_file(file)->pMethods->xDeviceCharacteristics(real_file(file));
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

static int open_file(
    sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out_flags) {
    (void)vfs;
    file->pMethods = NULL;
    int code = real->xOpen(real, name, real_file(file), flags, out_flags);
    if (real_file(file)->pMethods != NULL)
        file->pMethods = &methods;
    return code;
}

void fault_vfs_register(void) {
    real = sqlite3_vfs_find(NULL);
    assert_non_null(real);
    faulty = *real;
    faulty.zName = "fault";
    faulty.pNext = NULL;
    faulty.szOsFile = (int)sizeof(struct faulty_file) + real->szOsFile;
    faulty.xOpen = open_file;
    methods = (sqlite3_io_methods){.iVersion = 2,
        .xClose = fail_close,
        .xRead = fail_read,
        .xWrite = fail_write,
        .xTruncate = fail_truncate,
        .xSync = fail_sync,
        .xFileSize = pass_size,
        .xLock = pass_lock,
        .xUnlock = pass_unlock,
        .xCheckReservedLock = pass_check,
        .xFileControl = pass_control,
        .xSectorSize = pass_sector,
        .xDeviceCharacteristics = pass_device,
        .xShmMap = pass_map,
        .xShmLock = pass_shm_lock,
        .xShmBarrier = pass_barrier,
        .xShmUnmap = pass_unmap};
    assert_int_equal(sqlite3_vfs_register(&faulty, 0), SQLITE_OK);
}

void fault_vfs_plan(struct fault_plan wanted) {
    pthread_mutex_lock(&lock);
    plan = wanted;
    operations = 0;
    pthread_mutex_unlock(&lock);
}

int fault_vfs_operations(void) {
    pthread_mutex_lock(&lock);
    int count = operations;
    pthread_mutex_unlock(&lock);
    return count;
}
