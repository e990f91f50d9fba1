/*
 * backup_files.h: what backup and restore do alike. Exports: struct data_file, data_files_load(),
 * backup_compare(), backup_opens(), backup_print(), sync_folder_of(), print_progress(),
 * end_progress().
 */
#ifndef FENQI_CLI_BACKUP_FILES_H
#define FENQI_CLI_BACKUP_FILES_H

#include "cli/archive.h"

/* A small file of the data folder: a key, the demo's logins. */
struct data_file {
    const char *name;
    struct bytes content;
};

/*
 * Every file that lies directly in the data folder, except the database's own (fenqi.db…) and what
 * a backup works with. NOT_FOUND when there is no master.key: then it is no installation.
 */
enum status data_files_load(const char *folder, struct data_file files[ARCHIVE_FILES_MAX],
    size_t *count, struct arena *arena, struct fault *fault) FENQI_MUST_USE;

/* CORRUPT, with the first that differs, unless both say the same; `dates` compares all of it. */
enum status backup_compare(const struct backup_facts *wanted, const struct backup_facts *found,
    bool dates, struct fault *fault) FENQI_MUST_USE;

/*
 * Opens a restored database as a store of this program, which knows each migration that it had;
 * reads its business date as a use case would. Does not migrate.
 */
enum status backup_opens(struct cli *cli, const char *database, const struct backup_facts *facts,
    struct fault *fault) FENQI_MUST_USE;

/* One or two lines on standard output: what a backup holds. */
void backup_print(const struct archive_head *head);

/* Makes the entry of `path` in its folder durable. */
enum status sync_folder_of(
    const char *path, struct arena *arena, struct fault *fault) FENQI_MUST_USE;

/* A line on standard error that is written over, when somebody sits there. */
void print_progress(void *context, const char *what, int64_t done, int64_t total);
void end_progress(void);

#endif
