/*
 * torn_vfs.h: an SQLite file system on a disk that loses power. Exports: torn_vfs_register(),
 * torn_vfs_start(), torn_vfs_operations(), torn_vfs_power_cut().
 *
 * Open a database as "sqlite:file:PATH?vfs=torn". What is written is read back, but counts as on
 * the disk only once its file was synced. At the power cut each sector of 512 bytes that was
 * written since then becomes what it was at the last sync, or any of the things written to it
 * since, or the beginning of one and the end of another; a file that grew may have its old length.
 * Nothing of an SQLite file's syncing reaches the real disk, which makes it quick.
 */
#ifndef FENQI_TESTS_CONFORMANCE_TORN_VFS_H
#define FENQI_TESTS_CONFORMANCE_TORN_VFS_H

#include <stdbool.h>

void torn_vfs_register(void);

/*
 * The power is there until `operations` more writes, syncs and truncations were done, then every
 * operation fails; -1: for ever. A `lying` disk says that it has synced and has not.
 */
void torn_vfs_start(int operations, bool lying);

/* Writes, syncs and truncations since torn_vfs_start(). */
int torn_vfs_operations(void);

/* After everything was closed: leaves in the real files what a disk would have, by the seed. */
void torn_vfs_power_cut(unsigned seed);

#endif
