/*
 * log_gather.h: writes a transaction's part of SQLite's write-ahead log in large pieces; internal
 * to src/store. Exports log_gather_install().
 *
 * SQLite writes a frame as a header of 24 bytes and a page, each by a call of the system: for a
 * batch of 64 repayments about a thousand calls, one behind the other. Their bytes lie side by
 * side, so they are kept until the log is synced (or read, measured, cut or closed) and written at
 * once. Nothing else changes: the order of bytes and syncs is SQLite's, and no other connection
 * looks at a frame before the sync that comes before its commit is published (synchronous=FULL).
 */
#ifndef FENQI_STORE_LOG_GATHER_H
#define FENQI_STORE_LOG_GATHER_H

#include <sqlite3.h>

/*
 * For a connection that writes, once its journal mode is WAL and with synchronous=FULL. The memory
 * goes when the connection is closed. Does nothing where there is no log file.
 */
void log_gather_install(sqlite3 *database);

#endif
