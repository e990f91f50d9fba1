/*
 * fault_vfs.h: an SQLite file system that fails when told. Exports: struct fault_plan,
 * fault_vfs_register(), fault_vfs_plan(), fault_vfs_operations().
 *
 * Open a database as "sqlite:file:PATH?vfs=fault".
 */
#ifndef FENQI_TESTS_CONFORMANCE_FAULT_VFS_H
#define FENQI_TESTS_CONFORMANCE_FAULT_VFS_H

#include <stdbool.h>

struct fault_plan {
    int after;     /* this many operations (read, write, sync, truncate) go well; -1: all do */
    int code;      /* then this one fails with SQLITE_FULL, SQLITE_IOERR_... */
    bool for_good; /* and so does every one after it; else only the one */
    bool torn;     /* a failing write leaves its first half behind */
};

void fault_vfs_register(void);

/* Starts counting anew under a plan. */
void fault_vfs_plan(struct fault_plan plan);

/* Operations since fault_vfs_plan(). */
int fault_vfs_operations(void);

#endif
